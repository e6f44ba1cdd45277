declare module '@n8n/scan-community-package/scanner/scanner.mjs' {
  /** The files of a source folder that n8n scans. */
  export const SOURCE_FILE_PATTERNS: string[];

  export function analyzePackage(
    folder: string,
    patterns?: string[],
  ): Promise<{ passed: boolean; message?: string; details?: string }>;
}

import { Credentials } from 'n8n-core';
import {
  type ICredentialDataDecryptedObject,
  type ICredentials,
  type ICredentialsExpressionResolveValues,
  type ICredentialType,
  ICredentialsHelper,
  type IExecuteData,
  type IHttpRequestHelper,
  type IHttpRequestOptions,
  type INode,
  type INodeCredentialsDetails,
  type INodeParameters,
  type INodeProperties,
  isExpression,
  type WorkflowExecuteMode,
} from 'n8n-workflow';

/**
 * n8n's own credentials helper needs n8n's database; this one keeps the credentials in memory and
 * otherwise follows it rule for rule (n8n 2.41.1, `credentials-helper`): when the token is asked for,
 * and that everything `preAuthentication` returns is stored.
 */
export class StoredCredentials extends ICredentialsHelper {
  private readonly stored = new Map<string, ICredentialDataDecryptedObject>();

  constructor(private readonly type: (name: string) => ICredentialType) {
    super();
  }

  /** Puts a credential in place, as saving it in the editor does. */
  save(id: string, data: ICredentialDataDecryptedObject): void {
    this.stored.set(id, data);
  }

  read(id: string): ICredentialDataDecryptedObject {
    const data = this.stored.get(id);
    if (!data) throw new Error(`There is no credential ${id}`);
    return data;
  }

  getParentTypes(): string[] {
    return [];
  }

  isCredentialUsableByNode(): boolean {
    return true;
  }

  async authenticate(
    credentials: ICredentialDataDecryptedObject,
    typeName: string,
    requestOptions: IHttpRequestOptions,
  ): Promise<IHttpRequestOptions> {
    const { authenticate } = this.type(typeName);
    return typeof authenticate === 'function'
      ? await authenticate(credentials, requestOptions)
      : requestOptions;
  }

  async preAuthentication(
    helpers: IHttpRequestHelper,
    credentials: ICredentialDataDecryptedObject,
    typeName: string,
    node: INode,
    credentialsExpired: boolean,
  ): Promise<ICredentialDataDecryptedObject | undefined> {
    const type = this.type(typeName);
    const expirable = type.properties.find(
      (property) => property.type === 'hidden' && property.typeOptions?.expirable === true,
    );
    if (!expirable || !type.preAuthentication) return undefined;
    if (credentials[expirable.name] !== '' && !credentialsExpired) return undefined;
    const output = await type.preAuthentication.call(helpers, credentials);
    const details = node.credentials?.[typeName];
    if (output[expirable.name] === undefined || !details) return undefined;
    const data = output as ICredentialDataDecryptedObject;
    const stored = this.read(details.id ?? '');
    const kept = Object.entries(stored).filter(
      ([name, value]) => name !== expirable.name && isExpression(value),
    );
    const changed = { ...stored, ...data, ...Object.fromEntries(kept) };
    await this.updateCredentials(details, typeName, changed);
    return Object.assign(credentials, data);
  }

  async runPreAuthentication(): Promise<undefined> {
    return undefined;
  }

  async getCredentials(details: INodeCredentialsDetails, type: string): Promise<ICredentials> {
    return new Credentials({ id: details.id, name: details.name }, type);
  }

  async getDecrypted(
    _additionalData: unknown,
    details: INodeCredentialsDetails,
    typeName: string,
    mode: WorkflowExecuteMode,
    executeData?: IExecuteData,
    _raw?: boolean,
    values?: ICredentialsExpressionResolveValues,
  ): Promise<ICredentialDataDecryptedObject> {
    const defaults = new Map(
      this.type(typeName).properties.map(({ name, default: value }) => [name, value]),
    );
    const data = Object.fromEntries(defaults) as ICredentialDataDecryptedObject;
    const stored = { ...data, ...this.read(details.id ?? '') };
    if (!values) return stored;
    const { workflow, runExecutionData, runIndex, itemIndex, node, connectionInputData } = values;
    return workflow.expression.getParameterValue(
      stored as INodeParameters,
      runExecutionData,
      runIndex,
      itemIndex,
      node.name,
      connectionInputData,
      mode,
      {},
      executeData,
    ) as ICredentialDataDecryptedObject;
  }

  async updateCredentials(
    details: INodeCredentialsDetails,
    _type: string,
    data: ICredentialDataDecryptedObject,
  ): Promise<void> {
    this.save(details.id ?? '', data);
  }

  async updateCredentialsOauthTokenData(): Promise<void> {}

  getCredentialsProperties(type: string): INodeProperties[] {
    return this.type(type).properties;
  }
}

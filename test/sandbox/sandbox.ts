/** What tests and commands see of a running sandbox. */
import type { NewAgent } from './agents';
import type { AgentClient } from './client';
import type { DeliverOverrides, DeliveryRecord } from './deliveries';
import type { Faults } from './faults';
import type { SandboxSettings } from './options';
import type { Payments } from './payments';
import type { Requests } from './requests';
import type { State } from './state';
import type { TokenExchange } from './tokens';

/** An answer of ours that did not keep the contract. */
export interface ContractViolation {
  operationId: string;
  status: number;
  problems: string[];
  body: unknown;
}

export interface RegisteredAgent {
  id: string;
  handle: string;
  name: string;
  clientId: string;
  clientSecret: string;
}

/** A running instance. */
export interface Sandbox {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly settings: SandboxSettings;
  readonly state: State;
  /** Every request but those of {@link Sandbox.as}, oldest first. */
  readonly requests: Requests;
  readonly tokenExchanges: TokenExchange[];
  readonly deliveries: DeliveryRecord[];
  /** What happens at Stripe and Coinbase: orders get paid, accounts completed, payouts paid out. */
  readonly payments: Payments;
  readonly faults: Faults;
  /** Hostile answers that have not ended. */
  readonly hostileAnswers: number;
  readonly contractViolations: ContractViolation[];
  /** Errors that are defects of the sandbox itself (answered with 500 `internal_error`). */
  readonly internalErrors: Error[];
  /** How many requests the rate limits refused (429s ordered as faults not counted). */
  readonly rateLimited: number;
  /** Adds an agent, past HTTP and limits. @throws ApiError 409 when the handle is taken */
  registerAgent(agent: NewAgent): RegisteredAgent;
  /** A client that acts as an agent. @throws Error when there is no such agent */
  as(handle: string): AgentClient;
  /** Issues tokens to an agent, past HTTP and limits. */
  issueToken(handle: string): { accessToken: string; refreshToken: string };
  /** Ends access tokens now; with `refresh` refresh tokens as well. */
  expireTokens(handle?: string, options?: { refresh?: boolean }): void;
  /** Makes all rate budgets whole. */
  resetLimits(): void;
  /** Sends any body (text and bytes as they are, all else as JSON) to an agent's webhook. */
  deliver(handle: string, body: unknown, overrides?: DeliverOverrides): Promise<DeliveryRecord>;
  /** Resolves when no delivery is under way or waiting to be repeated. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

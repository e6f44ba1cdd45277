import { Credentials } from 'n8n-core';
import {
  type ICredentialDataDecryptedObject,
  type ICredentials,
  type ICredentialType,
  ICredentialsHelper,
  type IHttpRequestHelper,
  type IHttpRequestOptions,
  type INode,
  type INodeCredentialsDetails,
  type INodeProperties,
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
    await this.updateCredentials(details, typeName, { ...this.read(details.id ?? ''), ...data });
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
  ): Promise<ICredentialDataDecryptedObject> {
    const defaults = new Map(
      this.type(typeName).properties.map(({ name, default: value }) => [name, value]),
    );
    const data = Object.fromEntries(defaults) as ICredentialDataDecryptedObject;
    return { ...data, ...this.read(details.id ?? '') };
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

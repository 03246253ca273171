import { type as osType } from "node:os";
import type { Account } from "../accounts/account.ts";
import { GraphQL } from "./graphql.ts";
import { Http, type HttpOptions } from "./http.ts";
import { Rest } from "./rest.ts";
import { TRUSS_VERSION } from "./user-environment.ts";

/** Baseten as one account sees it. What can be asked of it is in the functions beside this file. */
export interface Baseten {
  readonly account: Account;
  readonly graphql: GraphQL;
  readonly rest: Rest;
  /** For the deployed chains themselves. */
  readonly http: Http;
}

export function openBaseten(account: Account, options: HttpOptions = {}): Baseten {
  const userAgent = `truss-chains-ts/${TRUSS_VERSION} (Node/${process.versions.node}; ${osType()})`;
  const http = new Http(account.apiKey, userAgent, options);
  return {
    account,
    http,
    graphql: new GraphQL(http, account.remoteUrl, account.name),
    rest: new Rest(http, account.restUrl, account.name),
  };
}

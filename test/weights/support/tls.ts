import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Certificate {
  readonly certFile: string;
  readonly keyFile: string;
  /** What a client must trust. */
  readonly authorityFile: string;
}

/** Makes an authority and its certificate for some names, good for the length of a test. */
export function makeCertificate(dir: string, names: readonly string[]): Certificate {
  const at = (name: string) => join(dir, name);
  const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: "ignore" });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  openssl(
    "req",
    "-x509",
    ...newKey,
    "-days",
    "2",
    "-subj",
    "/CN=test authority",
    "-keyout",
    at("ca.key"),
    "-out",
    at("ca.pem"),
  );
  openssl("req", ...newKey, "-subj", "/CN=test", "-keyout", at("key.pem"), "-out", at("request.pem"));
  const alternatives = names.map((name) => (/^[\d.]+$/.test(name) ? `IP:${name}` : `DNS:${name}`)).join(",");
  writeFileSync(at("extensions"), `subjectAltName=${alternatives}\nbasicConstraints=CA:FALSE\n`);
  const sign = ["-CA", at("ca.pem"), "-CAkey", at("ca.key"), "-CAcreateserial", "-extfile", at("extensions")];
  openssl("x509", "-req", "-in", at("request.pem"), "-days", "2", ...sign, "-out", at("cert.pem"));
  return { certFile: at("cert.pem"), keyFile: at("key.pem"), authorityFile: at("ca.pem") };
}

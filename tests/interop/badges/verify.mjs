// Verifies an Open Badge with another implementation, offline: reads {badge, profile, lists, contexts} from standard
// input, writes {verified, errors, statuses} to standard output. Whatever is not among what it was given cannot be loaded.
import {readFileSync} from "node:fs";
import * as vc from "@digitalbazaar/vc";
import {checkStatus} from "@digitalbazaar/vc-bitstring-status-list";
import {cryptosuite} from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import {DataIntegrityProof} from "@digitalbazaar/data-integrity";

const {badge, profile, lists, contexts} = JSON.parse(readFileSync(0, "utf8"));
const MULTIKEY = "https://w3id.org/security/multikey/v1";
const SECURITY = "https://w3id.org/security/v2";

async function documentLoader(url) {
  const [base, fragment] = url.split("#");
  let document = contexts[url] ?? lists[url];
  if (base === profile.id) {
    // As a controller it is read in the context that the libraries bring along.
    document = {"@context": SECURITY, id: profile.id, assertionMethod: profile.assertionMethod};
    if (fragment) {
      const method = profile.verificationMethod.find(({id}) => id === url);
      document = method && {"@context": MULTIKEY, ...method};
    }
  }
  if (!document) throw new Error(`nothing is fetched: ${url}`);
  return {contextUrl: null, documentUrl: url, document};
}

const suite = new DataIntegrityProof({cryptosuite});
let statuses = [];
const result = await vc.verifyCredential({
  credential: badge,
  suite,
  documentLoader,
  checkStatus: async (options) => {
    const found = await checkStatus(options);
    statuses = (found.results ?? []).map(({credentialStatus, status}) => [credentialStatus.statusPurpose, status]);
    return found;
  },
});
const errors = [];
const note = (error) => {
  if (!error) return;
  errors.push(error.message);
  (error.errors ?? []).forEach(note);
};
note(result.error);
note(result.statusResult?.error);
process.stdout.write(JSON.stringify({verified: result.verified, errors, statuses}));

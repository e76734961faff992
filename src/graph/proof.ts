import { X509Certificate } from 'node:crypto';
import { jwtVerify } from 'jose';
import type { AppRegistration, ClientCertificate } from '../directory/entities.ts';
import { graphRefusal } from './problems.ts';

/** Who a proof is for: Microsoft's own directory service (application: addKey). */
const proofAudience = '00000002-0000-0000-c000-000000000000';
/** Longest life of a proof, in seconds. */
const proofLifetime = 600;
/** Seconds by which the clocks may differ. */
const skew = 60;
const proofLength = 8192;

/**
 * Checks that the sender of `addKey` and `removeKey` holds the private key of a valid certificate of the application:
 * `proof` is a JWT of at most ten minutes, for the directory service, by the application's object id.
 * @throws Refusal 401, whatever is wrong with it
 */
export async function checkProof(application: AppRegistration, proof: string, now: Date): Promise<void> {
  const valid = application.certificates.filter(({ start, end }) => start <= now && now < end);
  if (valid.length === 0) throw graphRefusal('invalidProof', [], 'the application has no valid certificate');
  if (proof.length > proofLength) throw graphRefusal('invalidProof', [], 'the proof is too long');
  const attempts = await Promise.all(valid.map((certificate) => isProofBy(certificate, application.id, proof, now)));
  if (!attempts.includes(true)) throw graphRefusal('invalidProof', [], 'the proof is no valid one by any certificate');
}

async function isProofBy(certificate: ClientCertificate, issuer: string, proof: string, now: Date): Promise<boolean> {
  try {
    const { payload } = await jwtVerify(proof, new X509Certificate(certificate.pem).publicKey, {
      algorithms: ['RS256', 'PS256'],
      audience: proofAudience,
      issuer,
      requiredClaims: ['nbf', 'exp'],
      currentDate: now,
      clockTolerance: skew,
    });
    return (payload.exp ?? 0) - (payload.nbf ?? 0) <= proofLifetime;
  } catch {
    return false;
  }
}

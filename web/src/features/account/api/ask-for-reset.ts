import { answered, api } from "@/lib/api/client";

/** Have a letter sent by which a new password can be set; the answer is the same for addresses without an account. */
export function askForReset(email: string) {
  return answered(api.POST("/api/v1/auth/password/forgot", { body: { email } }));
}

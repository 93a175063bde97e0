import { answered, api } from "@/lib/api/client";

/** Set a password by the token of a letter, which is good once. Every log-in of the account ends. */
export function resetPassword(token: string, password: string) {
  return answered(api.POST("/api/v1/auth/password/reset", { body: { token, password } }));
}

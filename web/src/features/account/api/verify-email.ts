import { answered, api } from "@/lib/api/client";

/** Show by the token of a letter that its address is one's own. */
export function verifyEmail(token: string) {
  return answered(api.POST("/api/v1/auth/email/verify", { body: { token } }));
}

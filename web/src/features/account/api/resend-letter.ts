import { useMutation } from "@tanstack/react-query";
import { getProfile } from "@/features/account/api/get-profile";
import { answered, api } from "@/lib/api/client";
import { ApiProblem } from "@/lib/api/problem";
import { keepUser } from "@/lib/auth/session";

/** Have another letter sent that confirms the address; one that was confirmed elsewhere meanwhile is just shown so. */
export function useResendLetter() {
  return useMutation({
    mutationFn: async () => {
      try {
        await answered(api.POST("/api/v1/auth/email/resend"));
      } catch (error) {
        if (!(error instanceof ApiProblem && error.code === "already_verified")) throw error;
        keepUser(await getProfile());
      }
    },
  });
}

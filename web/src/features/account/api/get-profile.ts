import { answered, api } from "@/lib/api/client";

/** The settings as the server has them now. */
export function getProfile() {
  return answered(api.GET("/api/v1/users/me"));
}

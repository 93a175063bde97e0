import { expect, it } from "vitest";
import { deviceName } from "@/lib/device-name";

it("tells browsers that name each other apart", () => {
  const chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36";
  expect(deviceName(chrome)).toEqual({ browser: "Chrome", system: "Linux" });
  expect(deviceName(`${chrome} Edg/150.0.0.0`)).toEqual({ browser: "Edge", system: "Linux" });
  const iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1";
  expect(deviceName(iphone)).toEqual({ browser: "Safari", system: "iPhone" });
});

it("leaves a program as it calls itself, and knows when there is nothing to tell", () => {
  expect(deviceName("curl/8.1")).toEqual({ browser: "curl/8.1", system: null });
  expect(deviceName(" ")).toBeNull();
});

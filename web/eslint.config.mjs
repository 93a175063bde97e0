import next from "eslint-config-next/core-web-vitals";
import typescript from "eslint-config-next/typescript";

const config = [
  { ignores: [".next/**", "out/**", "node_modules/**", "src/lib/api/schema.ts", "next-env.d.ts", "test-results/**"] },
  ...next,
  ...typescript,
  {
    rules: {
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "max-lines": ["error", 300],
      // The exported pages are rendered without a browser: what it alone knows is read in effects, and kept in state.
      "react-hooks/set-state-in-effect": "off",
    },
  },
  {
    files: ["src/features/*/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ group: ["@/app/*"], message: "Pages compose features, never the other way round." }] },
      ],
    },
  },
  { files: ["src/lib/**"], rules: { "no-restricted-imports": ["error", { patterns: ["@/components/*", "@/features/*", "@/app/*"] }] } },
  { files: ["src/components/**"], rules: { "no-restricted-imports": ["error", { patterns: ["@/features/*", "@/app/*"] }] } },
  { files: ["e2e/**", "src/**/*.test.*"], rules: { "max-lines": ["error", 500] } },
  { files: ["e2e/**"], rules: { "no-empty-pattern": "off", "react-hooks/rules-of-hooks": "off" } },
];

export default config;

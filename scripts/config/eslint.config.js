// Lint rules: strict type-checked TypeScript, no floating promises, no console, no process outside its rooms.
import tseslint from "typescript-eslint";

const processRooms = ["server/platform/**", "server/daemon/**", "server/cli/**", "scripts/**", "test/**"];

export default tseslint.config(
  {
    ignores: [
      "dist/**",
      "node_modules/**",
      "test/fixtures/**",
      "test/kit/data/**",
      "scripts/config/**",
      "scripts/demo/project/**",
      "scripts/bench/files/**",
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: "./scripts/config/tsconfig.all.json",
        tsconfigRootDir: new URL("../..", import.meta.url).pathname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-console": "error",
      "no-empty": ["error", { allowEmptyCatch: false }],
      "prefer-const": "error",
      eqeqeq: "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/no-confusing-void-expression": "off",
      "@typescript-eslint/no-unnecessary-condition": "off",
      "@typescript-eslint/unified-signatures": "off",
      // A method of an asynchronous interface is async so that it rejects where it would throw.
      "@typescript-eslint/require-await": "off",
    },
  },
  {
    files: ["server/**/*.ts"],
    ignores: processRooms,
    rules: {
      "no-restricted-globals": [
        "error",
        { name: "process", message: "process lives in platform/, daemon/ and cli/." },
      ],
    },
  },
  { files: ["scripts/**", "server/cli/**"], rules: { "no-console": "off" } },
  {
    files: ["test/**/*.ts"],
    rules: {
      "no-console": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
);

import { expect, it } from "vitest";
import lock from "../package-lock.json";

interface Locked {
  version?: string;
  integrity?: string;
  resolved?: string;
  optionalDependencies?: Record<string, string>;
}

const PACKAGES = Object.entries(lock.packages as Record<string, Locked>).filter(([path]) => path !== "");

it("the lock carries a hash for every package and the address of none", () => {
  expect(PACKAGES.filter(([, locked]) => !locked.integrity).map(([path]) => path)).toEqual([]);
  expect(PACKAGES.filter(([, locked]) => locked.resolved).map(([path]) => path)).toEqual([]);
});

it("the lock is whole for every platform, otherwise `npm ci` refuses it", () => {
  const known = new Set(PACKAGES.map(([path]) => path));
  const wanted = PACKAGES.flatMap(([, locked]) => Object.keys(locked.optionalDependencies ?? {}));
  expect(wanted.filter((name) => !known.has(`node_modules/${name}`))).toEqual([]);
});

// A Slurm cluster of one node for tests: munged, slurmctld and slurmd with ports, keys and state of their own, so that another
// Slurm of this machine is left alone.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const PROGRAMS = ["/usr/sbin/munged", "/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/bin/sbatch"];

/** What a cluster cannot do without and is not here. */
export const missing: readonly string[] = [
  ...PROGRAMS.filter((path) => !existsSync(path)).map((path) => `${path} (Debian: slurm-wlm, munge)`),
  ...(process.getuid?.() === 0 ? [] : ["root"]),
];

export interface Cluster {
  /** The environment in which Slurm's programs talk to it. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });

async function until(what: string, isSo: () => boolean): Promise<void> {
  const end = process.uptime() + 80;
  while (process.uptime() < end) {
    if (isSo()) return;
    await sleep(100);
  }
  throw new Error(`${what} did not come up within 80 s`);
}

/** @param folder an empty one */
export async function startCluster(folder: string): Promise<Cluster> {
  const host = hostname().split(".")[0];
  const inside = (name: string): string => join(folder, name);
  for (const name of ["controller", "node"]) mkdirSync(inside(name));
  const socket = inside("munge.socket");
  writeFileSync(inside("munge.key"), randomBytes(1024), { mode: 0o600 });
  const conf = inside("slurm.conf");
  writeFileSync(
    conf,
    `ClusterName=bplab
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${await freePort()}
SlurmdPort=${await freePort()}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=${socket}
MpiDefault=none
ProctrackType=proctrack/pgid
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
ReturnToService=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
StateSaveLocation=${inside("controller")}
SlurmdSpoolDir=${inside("node")}
SlurmctldPidFile=${inside("slurmctld.pid")}
SlurmdPidFile=${inside("slurmd.pid")}
SlurmctldLogFile=${inside("slurmctld.log")}
SlurmdLogFile=${inside("slurmd.log")}
MaxArraySize=5
SchedulerParameters=bf_interval=1,sched_interval=1
SlurmdParameters=config_overrides
NodeName=${host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=1000 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`,
  );
  const env = { ...process.env, SLURM_CONF: conf };
  const daemons: ChildProcess[] = [];
  const start = (program: string, ...args: readonly string[]): void => {
    daemons.push(spawn(program, args, { env, stdio: "ignore" }));
  };
  const stop = async (): Promise<void> => {
    for (const daemon of daemons.reverse()) {
      const ended =
        daemon.exitCode !== null || daemon.signalCode !== null ? undefined : new Promise((resolve) => daemon.on("exit", resolve));
      daemon.kill("SIGTERM");
      await ended;
    }
  };
  try {
    const files = [`--key-file=${inside("munge.key")}`, `--socket=${socket}`, `--pid-file=${inside("munged.pid")}`];
    start(
      "/usr/sbin/munged",
      "--foreground",
      "--force",
      ...files,
      `--log-file=${inside("munged.log")}`,
      `--seed-file=${inside("munged.seed")}`,
    );
    await until("munged", () => existsSync(socket));
    start("/usr/sbin/slurmctld", "-D");
    start("/usr/sbin/slurmd", "-D");
    await until("the node", () => spawnSync("sinfo", ["--noheader", "--format=%T"], { env, encoding: "utf8" }).stdout.trim() === "idle");
  } catch (error) {
    await stop();
    throw error;
  }
  return { env: { SLURM_CONF: conf }, stop };
}

// Debian packages that only one benchmark needs: installed by it, as the launcher installs its own.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './places.mjs'

/** Does nothing where all are there. Fails, naming the command for root, where some are missing and nobody may install. */
export function installPackages(names) {
  execFileSync('bash', ['-euo', 'pipefail', '-c', 'source "$0" && install_packages "$@"', join(root, 'tools/launcher/machine.sh'), ...names], { stdio: ['ignore', 2, 2] })
}

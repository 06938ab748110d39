// The peer of public verification: nginx with its usual settings, serving files from a folder of its own.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { childrenOf, cpuSeconds, freePort, hasEnded, start, stop } from './processes.mjs'

/** Two workers as our two I/O threads; sendfile, keep-alive and an access log, as Debian's own configuration has them. */
export function nginxConfiguration(folder, port) {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `  ${name}_temp_path ${folder}/${name};`).join('\n')
  return `daemon off;
worker_processes 2;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 1024; }
http {
  sendfile on;
  tcp_nopush on;
  keepalive_requests 100000;
  access_log ${folder}/access.log;
  types { text/html html; }
  default_type application/json;
${temporary}
  server {
    listen 127.0.0.1:${port};
    root ${folder}/files;
  }
}
`
}

export class Nginx {
  /** `files`: [path below the root, bytes]. */
  static async start(files) {
    const nginx = new Nginx()
    nginx.folder = mkdtempSync(join(tmpdir(), 'kaigong-bench-nginx-'))
    // Started by root, its workers are somebody else, who must be able to read.
    chmodSync(nginx.folder, 0o755)
    nginx.port = await freePort()
    nginx.url = `http://127.0.0.1:${nginx.port}`
    for (const [path, bytes] of files) {
      const file = join(nginx.folder, 'files', path)
      mkdirSync(join(file, '..'), { recursive: true })
      writeFileSync(file, bytes)
    }
    writeFileSync(join(nginx.folder, 'nginx.conf'), nginxConfiguration(nginx.folder, nginx.port))
    nginx.process = start('/usr/sbin/nginx', ['-p', nginx.folder, '-c', join(nginx.folder, 'nginx.conf'), '-e', join(nginx.folder, 'error.log')])
    await nginx.#ready()
    return nginx
  }

  async #ready() {
    const end = Date.now() + 10_000
    while (!(await fetch(this.url).then(() => true, () => false))) {
      if (hasEnded(this.process) || Date.now() > end) throw new Error('nginx did not start')
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  get cpuSeconds() {
    return cpuSeconds([this.process.pid, ...childrenOf(this.process.pid)])
  }

  async stop() {
    await stop(this.process, 'SIGTERM')
    rmSync(this.folder, { recursive: true, force: true })
  }
}

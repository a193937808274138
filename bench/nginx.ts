import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, place, startServer } from './measure.ts'

/** nginx with one worker that serves `directory` on every loopback address, without logs; `more` goes into its server block. */
export async function startNginx(directory: string, more = '') {
  const port = await freePort()
  const conf = join(place, `nginx-${port}.conf`)
  const user = process.getuid?.() === 0 ? 'user root;' : ''
  writeFileSync(
    conf,
    `worker_processes 1; daemon off; ${user} pid ${conf}.pid; error_log /dev/null;
worker_rlimit_nofile 8192;
events { worker_connections 4096; }
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; default_type text/plain;
  client_body_temp_path ${place}/body; proxy_temp_path ${place}/proxy; fastcgi_temp_path ${place}/fastcgi;
  uwsgi_temp_path ${place}/uwsgi; scgi_temp_path ${place}/scgi;
  server { listen 0.0.0.0:${port} backlog=4096; root ${directory}; ${more} }
}
`,
  )
  const server = await startServer(['nginx', '-p', place, '-c', conf, '-e', 'stderr'], port)
  return { port, close: server.close }
}

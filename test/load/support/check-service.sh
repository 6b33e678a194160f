#!/bin/sh
# Runs in a Debian with systemd: installs the service by the commands of deploy/README.md, and tries it.
# /result gets the exit code, /output what it printed.
exec >/output 2>&1
set -ex
trap 'code=$?; journalctl --no-pager | tail -50 || true; echo $code >/result.partial; mv /result.partial /result' EXIT

useradd --system --home-dir /var/lib/log-manager --shell /usr/sbin/nologin log-manager
install --mode=0640 --group=log-manager /dev/null /etc/log-manager.env
cp /opt/log-manager/deploy/systemd/log-manager.service /etc/systemd/system/
systemctl daemon-reload
systemctl enable --now log-manager

# Settles when the server is ready.
ready() {
  for _ in $(seq 100); do
    node -e "fetch('http://127.0.0.1:4000/readyz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))" && return
    sleep 0.2
  done
  return 1
}
ready
node -e "
  const body = JSON.stringify({ userId: 'u', sessionId: 's', actions: [{ time: '2026-01-01T00:00:00Z', type: 'T' }] });
  fetch('http://127.0.0.1:4000/logs/', { method: 'POST', body, headers: { 'content-type': 'application/json' } })
    .then(({ status }) => process.exit(status === 201 ? 0 : 1));"
test "$(stat --format='%U %a' /var/lib/log-manager/log-manager.sqlite)" = 'log-manager 600'
test "$(systemctl show --property=User --value log-manager)" = log-manager

cd /opt/log-manager
key=$(runuser --user log-manager -- env DATABASE_URL=sqlite:/var/lib/log-manager/log-manager.sqlite \
  node dist/src/cli/main.js keys create web-shop --scopes record,read)
systemctl restart log-manager
ready
node -e "
  fetch('http://127.0.0.1:4000/logs/', { headers: { authorization: 'Bearer $key' } })
    .then((answer) => answer.json()).then((entries) => process.exit(entries.length === 1 ? 0 : 1));"
# A wrong setting ends the service with code 2, and is not tried again.
echo PORT=x >/etc/log-manager.env
systemctl restart log-manager || true
sleep 7
test "$(systemctl show --property=ExecMainStatus --value log-manager)" = 2
test "$(systemctl show --property=NRestarts --value log-manager)" = 0
: >/etc/log-manager.env
systemctl restart log-manager
ready
systemctl stop log-manager
test "$(systemctl show --property=ExecMainStatus --value log-manager)" = 0
test "$(systemctl show --property=Result --value log-manager)" = success

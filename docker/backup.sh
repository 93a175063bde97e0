#!/bin/sh
# studyteddy-backup [DAYS]: a new backup in /backups; those older than DAYS go once it is written and checked.
set -eu
studyteddy backup "/backups/studyteddy-$(date -u +%Y%m%dT%H%M%SZ).backup"
find /backups -name 'studyteddy-*.backup' -mtime +"${1:-14}" -delete

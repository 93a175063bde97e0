#!/bin/sh
# Run before nginx starts: an upload may be as large as the application takes, and a bit for the form around it.
set -eu
printf 'client_max_body_size %dm;\n' "$((${STUDYTEDDY_MAX_UPLOAD_MB:-50} + 1))" >/tmp/upload.conf

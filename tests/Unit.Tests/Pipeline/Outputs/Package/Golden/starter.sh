#!/bin/sh
# Starts tool of the package tool-debian, which brings its own loader and libraries (/usr/lib/tool-debian).
# A variable that is set already is left alone.
if [ -z "${GPU+set}" ]; then GPU=11.0.0; export GPU; fi
if [ -z "${TOOL_MODE+set}" ]; then TOOL_MODE='it'\''s fast'; export TOOL_MODE; fi
if [ -z "${SSL_CERT_FILE+set}" ]; then
  for file in /etc/ssl/cert.pem /etc/pki/cert.pem; do
    if [ -r "$file" ]; then SSL_CERT_FILE=$file; export SSL_CERT_FILE; break; fi
  done
fi
exec /usr/lib/tool-debian/usr/bin/tool "$@"

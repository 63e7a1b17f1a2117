# syntax=docker/dockerfile:1.7
# escape=\
ARG VERSION
FROM --platform=linux/amd64 alpine:${VERSION:-3.20} AS base
ENV A=1 B="two words" C=three\ words
RUN --mount=type=secret,id=token,required --network=none \
    set -eux; \
    # comment
    apk add --no-cache curl; \
    echo "${A}" | sed 's/1/2/' > /out
RUN <<EOT bash
  echo "in a heredoc"
EOT
COPY --link --chmod=755 --from=golang:1.23 /usr/local/go /go
COPY ["a file", "dest/"]
ADD --checksum=sha256:abc https://example.org/a.tar.gz /
HEALTHCHECK NONE
EXPOSE 80/udp 443
FROM scratch
COPY --from=base /out /out
CMD ["/out", "--flag"]

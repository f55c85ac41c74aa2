# The image of Kerja: the three workers and the command `kerja`, on the shared libraries of Debian 12.
#
#   docker build --tag kerja .
#
# One image for all of them; what runs is said by the command: kerja-application, kerja-completion,
# kerja-incentive, or kerja clock. It holds no secret and no setting but where health is asked: everything else comes from the
# environment (docs/operations.md). tests/container/prove.py does these very steps without an engine.
FROM debian:12.12-slim AS build
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        build-essential cmake ninja-build pkg-config python3 librdkafka-dev libhiredis-dev libavro-dev libpq-dev \
        libyaml-dev libssl-dev libmicrohttpd-dev libjansson-dev libjemalloc-dev libcmocka-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN cmake --preset release \
 && cmake --build --preset release --target kerja kerja-application kerja-completion kerja-incentive \
 && install -D --strip --target-directory=/install/bin build/release/services/*/kerja build/release/services/*/kerja-*[a-z] \
 && install -D --mode=644 --target-directory=/install/share/kerja/programmes programmes/*.yaml \
 && install -D --mode=644 --target-directory=/install/share/doc/kerja LICENSE

FROM debian:12.12-slim
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        libavro23 libhiredis0.14 libjansson4 libjemalloc2 libmicrohttpd12 libpq5 librdkafka1 libssl3 libyaml-0-2 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin kerja
COPY --from=build /install/ /usr/local/
USER kerja
ENV KERJA_HTTP=0.0.0.0:9464
EXPOSE 9464
# A worker commits and publishes what it has, and gives its partitions back.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
    CMD ["/bin/bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9464 && printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '^HTTP/1.[01] 200' <&3"]
CMD ["kerja", "help"]

# MediaMTX with mtx-hook. The official image is built from scratch, without a libc to run the hook with: only its program is taken.
# Built from the repository's root.
FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS hook
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends clang zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY hooks hooks/
COPY Grains.Abstractions/Streams/PublisherQueries.cs Grains.Abstractions/Streams/
RUN dotnet publish hooks/mtx-hook -c Release -o /hook

FROM bluenviron/mediamtx:1.20.1 AS mediamtx

# The hook was linked against the libc of the image that built it (2.39): this one's must not be older (trixie has 2.41).
FROM debian:trixie-slim
# curl: the health check. The other two: a receiver behind https. /slates: a volume for them is the silo's user's, whichever container comes first.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl ca-certificates libssl3t64 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --no-create-home --uid 1654 mediamtx \
    && install -d -o 1654 -g 1654 /slates
COPY --from=mediamtx /mediamtx /usr/local/bin/mediamtx
COPY --from=hook /hook/mtx-hook /usr/local/bin/mtx-hook
COPY deploy/mediamtx/mediamtx.yml /etc/mediamtx/mediamtx.yml
# What mediamtx.yml says is for one machine (loopback): in a container the network decides who reaches it.
ENV MTX_RTMPADDRESS=0.0.0.0:1935 \
    MTX_RTSPADDRESS=0.0.0.0:8554 \
    MTX_HLSADDRESS=0.0.0.0:8888 \
    MTX_APIADDRESS=0.0.0.0:9997 \
    MTX_METRICSADDRESS=0.0.0.0:9998 \
    MTX_PLAYBACKADDRESS=0.0.0.0:9996
EXPOSE 1935 8554 8888 9996 9997 9998
USER 1654
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
    CMD curl -fsS --noproxy '*' -o /dev/null -u "${MTX_AUTHINTERNALUSERS_2_USER:-admin}:${MTX_AUTHINTERNALUSERS_2_PASS:-admin}" "http://127.0.0.1:${MTX_APIADDRESS##*:}/v3/paths/list"
ENTRYPOINT ["mediamtx", "/etc/mediamtx/mediamtx.yml"]

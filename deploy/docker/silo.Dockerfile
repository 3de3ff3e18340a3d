# The silo with its API, dashboard and workers (ffmpeg). Built from the repository's root.
FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY hooks/schemas hooks/schemas/
COPY Grains.Abstractions Grains.Abstractions/
COPY Grains Grains/
COPY Api Api/
COPY Silo Silo/
RUN dotnet publish Silo/Streams.Silo.csproj -c Release --use-current-runtime --no-self-contained -o /app

# ffmpeg of what streams use (docs/decisions/0029): the distribution's source with its patches, the codecs linked in. The package of the same
# version depends on 600 MB of screens, sound cards and graphics drivers.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble AS ffmpeg
WORKDIR /source
# hadolint ignore=DL3008
RUN sed -i 's/^Types: deb$/Types: deb deb-src/' /etc/apt/sources.list.d/*.sources \
    && apt-get update \
    && apt-get install -y --no-install-recommends build-essential nasm pkg-config libx264-dev libopus-dev libmp3lame-dev libgnutls28-dev zlib1g-dev \
    && apt-get source ffmpeg \
    && rm -rf /var/lib/apt/lists/* \
    && rm -f /usr/lib/*/libx264.so /usr/lib/*/libopus.so /usr/lib/*/libmp3lame.so
RUN mv ffmpeg-*/ ffmpeg
WORKDIR /source/ffmpeg
RUN ./configure --prefix=/ffmpeg --disable-autodetect --disable-debug --disable-doc --disable-ffplay --disable-ffprobe \
      --enable-gpl --enable-zlib --enable-gnutls --enable-libx264 --enable-libopus --enable-libmp3lame --extra-libs=-lm \
    && make -j"$(nproc)" \
    && make install-progs

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble
# libgnutls: ffmpeg's TLS. util-linux: setpriv and setsid, with which no worker outlives its silo. curl: the health check.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgnutls30t64 util-linux curl \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o "$APP_UID" -g "$APP_UID" /data /slates
COPY --from=ffmpeg /ffmpeg/bin/ffmpeg /usr/local/bin/ffmpeg
WORKDIR /app
COPY --from=build /app ./
# On every address of the container: it starts only with access tokens (docs/operations.md). The base image's ASPNETCORE_HTTP_PORTS would be
# overridden by that, with a warning at each start.
ENV ASPNETCORE_HTTP_PORTS="" \
    Streams__Api__Address=0.0.0.0 \
    Streams__Api__Port=8080 \
    Streams__Data__Folder=/data
VOLUME /data /slates
EXPOSE 8080 11111 30000
USER $APP_UID
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD curl -fsS --noproxy '*' -o /dev/null http://127.0.0.1:${Streams__Api__Port}/health/ready
ENTRYPOINT ["/app/Streams.Silo"]

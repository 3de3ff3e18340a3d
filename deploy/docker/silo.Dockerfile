# The silo with its API, dashboard and workers (ffmpeg). Built from the repository's root.
FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY hooks/schemas hooks/schemas/
COPY Grains.Abstractions Grains.Abstractions/
COPY Grains Grains/
COPY Api Api/
COPY Silo Silo/
RUN dotnet publish Silo/Streams.Silo.csproj -c Release -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble
# util-linux: setpriv and setsid, with which no worker outlives its silo. curl: the health check.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends ffmpeg util-linux curl \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o "$APP_UID" -g "$APP_UID" /data
WORKDIR /app
COPY --from=build /app ./
# On every address of the container: it starts only with access tokens (docs/operations.md).
ENV Streams__Api__Address=0.0.0.0 \
    Streams__Api__Port=8080 \
    Streams__Data__Folder=/data
VOLUME /data
EXPOSE 8080 11111 30000
USER $APP_UID
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD curl -fsS --noproxy '*' -o /dev/null http://127.0.0.1:${Streams__Api__Port}/health/ready
ENTRYPOINT ["/app/Streams.Silo"]

using Streams.Api;
using Streams.Api.Cluster;
using Streams.Api.Configuration;
using Streams.Api.Logging;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.AddJsonLogging();
builder.AddStreamsApi();
builder.AddClusterConnection();
if (await builder.BuildChecked() is not { } app)
{
    return 1;
}

app.MapStreamsApi();
CancellationToken stopping = app.Lifetime.ApplicationStopping;
try
{
    await app.RunAsync();
}
catch (OperationCanceledException) when (stopping.IsCancellationRequested)
{
    // Stopped before a silo was reached.
}

return 0;

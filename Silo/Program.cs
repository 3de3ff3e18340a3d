using Streams;
using Streams.Api;
using Streams.Api.Configuration;
using Streams.Api.Logging;
using Streams.Silo.Handles;
using Streams.Silo.Hosting;
using Streams.Silo.Storage;

if (StoreCommands.Run(args) is { } done)
{
    return done;
}

if (HandleBudget.FindShortage(FileHandles.Limit) is { } shortage)
{
    await Console.Error.WriteLineAsync(shortage);
    return 1;
}

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.AddJsonLogging();
builder.AddStreamsSilo();

// After the silo, and so stopped before it: the API calls grains until it has stopped.
builder.AddStreamsApi(builder.KeepSessionKeys);
if (await builder.BuildChecked() is not { } app)
{
    return 1;
}

if (HandleBudget.FindShortage(app.Services) is { } tooMany)
{
    await Console.Error.WriteLineAsync(tooMany);
    return 1;
}

try
{
    await app.OpenStorage();
}
catch (StorageUnusableException unusable)
{
    await Console.Error.WriteLineAsync(unusable.Message);
    return 1;
}

app.MapStreamsApi();
app.MapStreamsDashboard();
return await app.RunUntilStopped();

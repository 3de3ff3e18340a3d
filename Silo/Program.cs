using Streams.Api;
using Streams.Silo.Hosting;
using Streams.Silo.Storage;

WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.AddJsonLogging();
builder.AddStreamsApi(builder.KeyFolder());
builder.AddStreamsSilo();
if (await builder.BuildChecked() is not { } app)
{
    return 1;
}

try
{
    app.OpenStorage();
}
catch (StorageUnusableException unusable)
{
    await Console.Error.WriteLineAsync(unusable.Message);
    return 1;
}

app.MapStreamsApi();
app.MapStreamsDashboard();
return await app.RunToTheEnd();

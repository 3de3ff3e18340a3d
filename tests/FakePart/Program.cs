// Stands for the silo or for MediaMTX where only the scripts behind make are tested: it takes the same settings, listens on the
// same ports, answers what the scripts ask, and has the faults that the real ones will not show on demand.
//   MTX_FAKE_FAULT=exit|deaf|stubborn|refuse|busy, with MTX_FAKE_FAULT_OF=silo|mediamtx; MTX_FAKE_BUSY: for how many seconds;
//   MTX_FAKE_LINES: how many lines of the stream demo it logs at its start; MTX_FAKE_VERSION: which MediaMTX it says to be. The names begin so because MediaMTX is handed few others.
using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;

bool isMediaMtx = args.Length == 1 && args[0].EndsWith(".yml", StringComparison.Ordinal);
if (args is ["--version"])
{
    Console.WriteLine(Environment.GetEnvironmentVariable("MTX_FAKE_VERSION") ?? "v1.20.1");
    return 0;
}

string role = isMediaMtx ? "mediamtx" : "silo";
string? fault = Environment.GetEnvironmentVariable("MTX_FAKE_FAULT_OF") == role ? Environment.GetEnvironmentVariable("MTX_FAKE_FAULT") : null;
Console.WriteLine($$"""{"message":"fake {{role}} pid {{Environment.ProcessId}} fault {{fault ?? "none"}}"}""");
Console.WriteLine($$"""{"message":"arguments [{{string.Join(' ', args.Select(Path.GetFileName))}}] MTX_MOQ [{{Environment.GetEnvironmentVariable("MTX_MOQ")}}]"}""");
for (int line = 1; int.TryParse(Environment.GetEnvironmentVariable("MTX_FAKE_LINES"), out int lines) && line <= lines; line++)
{
    Console.WriteLine($$"""{"StreamId":"demo","line":{{line}}}""");
}

if (fault == "exit")
{
    Console.WriteLine("""{"message":"the reason why it cannot start"}""");
    return 3;
}

if (fault == "busy")
{
    // As a start on a machine that others use: it computes, and does not answer yet. By several threads, so that it has its tenth of a processor where many others compute.
    TimeSpan busy = TimeSpan.FromSeconds(int.Parse(Setting("MTX_FAKE_BUSY"), null));
    Thread[] threads = [.. Enumerable.Range(0, 6).Select(_ => new Thread(() => Compute(busy)) { IsBackground = true })];
    Array.ForEach(threads, static thread => thread.Start());
    Array.ForEach(threads, static thread => thread.Join());
}

PosixSignalRegistration? ignored = fault == "stubborn" ? PosixSignalRegistration.Create(PosixSignal.SIGTERM, static context => context.Cancel = true) : null;
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
int[] ports = isMediaMtx
    ? [.. new[] { "RTMP", "RTSP", "HLS", "API", "METRICS", "PLAYBACK" }.Select(static name => IPEndPoint.Parse(Setting($"MTX_{name}ADDRESS")).Port)]
    : [.. new[] { "Api__Port", "Cluster__SiloPort", "Cluster__GatewayPort" }.Select(static name => int.Parse(Setting($"Streams__{name}"), null))];
builder.WebHost.ConfigureKestrel(options =>
{
    foreach (int port in fault == "deaf" ? ports[..^1] : ports)
    {
        options.ListenLocalhost(port);
    }
});

WebApplication app = builder.Build();
app.MapGet("/health/ready", () => fault == "refuse" ? Results.StatusCode(503) : Results.Ok());
app.MapGet("/v3/paths/list", (HttpContext http) => Allowed(http)
    ? Results.Text("""{"itemCount":1,"pageCount":1,"items":[{"name":"live/demo/in","available":true,"source":{"type":"rtmpConn"},"tracks":["H264"],"readers":[],"inboundBytes":7,"outboundBytes":0}]}""", "application/json")
    : Results.Unauthorized());
app.MapGet("/metrics", (HttpContext http) => Allowed(http) ? Results.Text("paths{name=\"live/demo/in\"} 1\n") : Results.Unauthorized());
if (fault == "stubborn")
{
    // Kestrel's own handler would end the process: run without it until somebody kills it.
    await app.StartAsync();
    await Task.Delay(Timeout.Infinite);
}

await app.RunAsync();
ignored?.Dispose();
return 0;

static string Setting(string name) => Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set");

static void Compute(TimeSpan busy)
{
    for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < busy;)
    {
        Thread.SpinWait(1000);
    }
}

static bool Allowed(HttpContext http)
{
    string expected = $"{Setting("MTX_AUTHINTERNALUSERS_2_USER")}:{Setting("MTX_AUTHINTERNALUSERS_2_PASS")}";
    return http.Request.Headers.Authorization.ToString() == "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(expected));
}

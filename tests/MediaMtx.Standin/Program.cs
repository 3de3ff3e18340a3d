using System.Runtime.InteropServices;
using MediaMtx.Standin;
using MediaMtx.Standin.Configuration;
using MediaMtx.Standin.Logging;
using LogLevel = MediaMtx.Standin.Logging.LogLevel;

string file = args.Length > 0 ? args[0] : "mediamtx.yml";
using Stream output = Console.OpenStandardOutput();
ServerLog log = new(output, structured: false, LogLevel.Info, TimeProvider.System);
try
{
    ServerVersion version = ServerVersion.OfEnvironment();
    if (file == "--version")
    {
        await Console.Out.WriteLineAsync(version.Name);
        return 0;
    }

    ServerConfig config = ConfigLoader.Load(file, version);
    log = new ServerLog(output, config.LogStructured, ServerLog.ParseLevel(config.LogLevel), TimeProvider.System);
    log.Info($"MediaMTX stand-in {version.Name}: a program of Streams' tests, not MediaMTX. For tests and offline development only");
    log.Info($"configuration loaded from {file}");
    foreach (string warning in config.Warnings)
    {
        log.Warn(warning);
    }

    TaskCompletionSource stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
    using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
    await using StandinServer server = new(config, log, TimeProvider.System);
    await server.Start();
    await stop.Task;
    return 0;

    void OnSignal(PosixSignalContext signal)
    {
        signal.Cancel = true;
        stop.TrySetResult();
    }
}
catch (ConfigException error)
{
    await Console.Out.WriteLineAsync($"ERR: {error.Message}");
    return 1;
}
catch (IOException error)
{
    log.Error(error.Message);
    return 1;
}

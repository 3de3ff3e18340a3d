using System.Runtime.InteropServices;
using Orleans.Runtime;

namespace Streams.Silo.Membership;

/// <summary>
/// What a silo does that cannot go on, above all one that is told that the others have declared it dead: its streams are theirs already. It kills its workers, says why, and
/// ends at once. Orleans' own handler works on for up to 4 s, in which workers of both write.
/// </summary>
/// <param name="services">Where the workers are. They are asked for late: their host depends on what depends on this.</param>
/// <param name="logger">Its log, whose errors are written before the call returns.</param>
internal sealed partial class FatalErrorHandler(IServiceProvider services, ILogger<FatalErrorHandler> logger) : IFatalErrorHandler
{
    private const int Failed = 1;

    /// <summary>A standard output that nobody reads holds nothing up for longer.</summary>
    private static readonly TimeSpan LogLimit = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    public bool IsUnexpected(Exception exception) => true;

    /// <inheritdoc/>
    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
    {
        try
        {
            services.GetRequiredService<IWorkerHost>().KillAll();
        }
        catch (Exception)
        {
            // While the silo is being composed or taken apart there is no host; workers die with this process in any case.
        }

        Thread log = new(() => LogFatal(exception, context ?? exception?.Message ?? "no reason given")) { IsBackground = true };
        log.Start();
        log.Join(LogLimit);
        Exit(Failed); // Not Environment.Exit, which waits for the host to stop.
    }

    [LoggerMessage(5010, LogLevel.Critical, "The silo cannot go on, and has killed its workers; it ends. Start it again. {Reason}")]
    private partial void LogFatal(Exception? failure, string reason);

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);
}

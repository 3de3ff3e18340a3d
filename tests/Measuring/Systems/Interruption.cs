using System.Runtime.InteropServices;

namespace Streams.Measuring.Systems;

/// <summary>Handles SIGINT and SIGTERM: cleans up, then exits with 130.</summary>
/// <param name="cleanUp">Ends what was started.</param>
public sealed class Interruption(Func<ValueTask> cleanUp) : IDisposable
{
    private readonly PosixSignalRegistration[] _signals =
        [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal => PosixSignalRegistration.Create(signal, context => End(context, cleanUp)))];

    public void Dispose() => Array.ForEach(_signals, static signal => signal.Dispose());

    private static void End(PosixSignalContext context, Func<ValueTask> cleanUp)
    {
        context.Cancel = true;
        Console.Error.WriteLine("interrupted: ending what was started");
        cleanUp().AsTask().GetAwaiter().GetResult();
        Environment.Exit(130);
    }
}

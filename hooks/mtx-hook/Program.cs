using System.Runtime.InteropServices;

namespace Streams.Hooks;

/// <summary>The entry point: connects the command to the process's arguments, environment, output and signals.</summary>
internal static class Program
{
    /// <summary>
    /// Registrations that keep signals from ending the process. They are never disposed: signals are handled on another thread, and a late one
    /// would find its handler gone and end a process whose event was already accepted.
    /// </summary>
    internal static readonly List<PosixSignalRegistration> Ignored = [];

    internal static Task<int> Main(string[] args)
    {
        // MediaMTX interrupts a ready-hook that still runs when its stream ends. The event is delivered anyway: the API pairs it with the not-ready
        // event by source id, and the time limit ends the process soon enough.
        Ignored.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Ignore));
        Ignored.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ignore));
        return new HookCommand(Environment.GetEnvironmentVariable, TimeProvider.System)
            .RunAsync(args, Console.OpenStandardOutput(), Console.OpenStandardError());
    }

    internal static void Ignore(PosixSignalContext signal) => signal.Cancel = true;
}

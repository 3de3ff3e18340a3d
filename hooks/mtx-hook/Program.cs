using System.Runtime.InteropServices;

namespace Streams.Hooks;

/// <summary>The process: its arguments, environment, streams and signals.</summary>
internal static class Program
{
    /// <summary>
    /// What keeps signals from ending the process. Never released by it: a signal is handled on a thread of its own, and one
    /// that came last would find its handler gone and end a process whose event was already taken.
    /// </summary>
    internal static readonly List<PosixSignalRegistration> Ignored = [];

    internal static Task<int> Main(string[] args)
    {
        // MediaMTX interrupts a ready-hook still running when its stream ends. The event is delivered all the same: the
        // receiver pairs it with the not-ready event by source id, and the budget ends the process soon enough.
        Ignored.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Ignore));
        Ignored.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ignore));
        return new HookCommand(Environment.GetEnvironmentVariable, TimeProvider.System)
            .RunAsync(args, Console.OpenStandardOutput(), Console.OpenStandardError());
    }

    internal static void Ignore(PosixSignalContext signal) => signal.Cancel = true;
}

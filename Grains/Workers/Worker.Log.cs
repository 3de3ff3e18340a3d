using Microsoft.Extensions.Logging;

namespace Streams.Grains.Workers;

internal sealed partial class Worker
{
    [LoggerMessage(2001, LogLevel.Information, "Worker started: {Program}")]
    private partial void LogStarted(string program);

    [LoggerMessage(2002, LogLevel.Information, "Worker ended ({Kind}): {Reason}")]
    private partial void LogExited(WorkerExitKind kind, string reason);

    [LoggerMessage(2003, LogLevel.Information, "Worker is asked to end")]
    private partial void LogStopping();

    [LoggerMessage(2004, LogLevel.Warning, "Worker did not end within {Grace} s; its group is killed")]
    private partial void LogKilling(double grace);

    [LoggerMessage(2005, LogLevel.Information, "worker: {Line}")]
    private partial void LogLine(string line);

    [LoggerMessage(2006, LogLevel.Warning, "Worker wrote too fast: {Suppressed} lines left out")]
    private partial void LogSuppressed(long suppressed);

    [LoggerMessage(2007, LogLevel.Warning, "Worker has ended, but something still holds its pipes; they are closed")]
    private partial void LogPipesHeld();

    [LoggerMessage(2008, LogLevel.Warning, "A pipe of the worker broke")]
    private partial void LogPipeBroken(Exception failure);

    [LoggerMessage(2009, LogLevel.Warning, "Killed processes of group {Group} still run; the kernel cannot end them yet")]
    private partial void LogGroupLeft(int group);

    [LoggerMessage(2011, LogLevel.Warning, "Worker is slower than real time: {Speed} s of output a second over the last 10 s")]
    private partial void LogSlow(double speed);

    [LoggerMessage(2012, LogLevel.Information, "Worker keeps up with real time again")]
    private partial void LogFastEnough();

    [LoggerMessage(2010, LogLevel.Error, "Worker could not be watched; it is killed")]
    private partial void LogUnwatched(Exception failure);
}

using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using Streams.Grains.MediaMtx;
using Streams.Grains.Watch;
using Xunit;

namespace Streams.Grains.Tests.Watch;

public sealed class KeepWatchingTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_watch_that_does_not_answer_does_not_hold_up_the_silos_end()
    {
        TaskCompletionSource asked = new();
        using KeepWatching watching = Watching(() =>
        {
            asked.TrySetResult();
            return new TaskCompletionSource().Task;
        });
        await watching.StartAsync(TestContext.Current.CancellationToken);
        await asked.Task.WaitAsync(Soon, TestContext.Current.CancellationToken);

        await watching.StopAsync(TestContext.Current.CancellationToken).WaitAsync(Soon, TestContext.Current.CancellationToken);

        Assert.True(watching.ExecuteTask!.IsCompletedSuccessfully);
    }

    /// <summary>As when all silos end at the same time: the host would log a fatal error of this service.</summary>
    [Fact]
    public async Task A_call_that_fails_because_the_watchs_silo_ends_too_is_no_failure()
    {
        TaskCompletionSource<KeepWatching> made = new();
        using KeepWatching watching = Watching(async () =>
        {
            _ = (await made.Task).StopAsync(CancellationToken.None);
            throw new SiloUnavailableException("gone");
        });
        await watching.StartAsync(TestContext.Current.CancellationToken);
        made.SetResult(watching);

        await watching.ExecuteTask!.WaitAsync(Soon, TestContext.Current.CancellationToken);
    }

    private static KeepWatching Watching(Func<Task> watch)
    {
        IMediaNodeGrain grain = Stub<IMediaNodeGrain>(watch);
        return new KeepWatching(Stub<IGrainFactory>(() => grain), new MediaNodes(Options.Create(new MediaOptions())), TimeProvider.System, NullLogger<KeepWatching>.Instance);
    }

    private static T Stub<T>(Func<object> answer)
        where T : class
    {
        T made = DispatchProxy.Create<T, OneAnswer>();
        ((OneAnswer)(object)made).Answer = answer;
        return made;
    }

    /// <summary>Whatever is asked of an interface, one answer.</summary>
    public class OneAnswer : DispatchProxy
    {
        public Func<object?> Answer { get; set; } = static () => null;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Answer();
    }
}

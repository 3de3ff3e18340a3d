using Streams.Measuring.Systems;
using Xunit;

namespace Streams.Verify.Tests;

/// <summary>How a run of make verify or make bench ends.</summary>
public sealed class CleanupTests
{
    [Fact]
    public async Task Whoever_ends_it_second_waits_until_all_is_undone()
    {
        // An interrupt ends it, and so does the measure that fails because its program was ended by that.
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        List<string> done = [];
        Cleanup cleanup = new();
        cleanup.Push(() => Add("first"));
        cleanup.Push(async () =>
        {
            await gate.Task;
            await Add("second");
        });

        Task one = cleanup.DisposeAsync().AsTask();
        Task other = cleanup.DisposeAsync().AsTask();

        Assert.False(other.IsCompleted);
        gate.SetResult();
        await other;
        Assert.Equal(["second", "first"], done);
        await one;
        Assert.Throws<OperationCanceledException>(() => cleanup.Push(() => Add("late")));

        Task Add(string step)
        {
            done.Add(step);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task What_starts_while_the_run_is_ended_is_disposed_at_once()
    {
        Cleanup cleanup = new();
        await cleanup.DisposeAsync();
        MemoryStream late = new();

        await Assert.ThrowsAsync<OperationCanceledException>(() => cleanup.Keep(late));

        Assert.False(late.CanRead);
    }
}

using Xunit;

namespace Streams.Verify.Tests;

/// <summary>How a verification ends.</summary>
public sealed class UndoTests
{
    [Fact]
    public async Task Whoever_ends_it_second_waits_until_all_is_undone()
    {
        // An interrupt ends it, and so does the measure that fails because its program was ended by that.
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        List<string> done = [];
        Undo undo = new();
        undo.Push(() => Add("first"));
        undo.Push(async () =>
        {
            await gate.Task;
            await Add("second");
        });

        Task one = undo.DisposeAsync().AsTask();
        Task other = undo.DisposeAsync().AsTask();

        Assert.False(other.IsCompleted);
        gate.SetResult();
        await other;
        Assert.Equal(["second", "first"], done);
        await one;
        Assert.Throws<OperationCanceledException>(() => undo.Push(() => Add("late")));

        Task Add(string step)
        {
            done.Add(step);
            return Task.CompletedTask;
        }
    }
}

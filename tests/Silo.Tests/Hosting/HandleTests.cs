using Streams.Silo.Handles;
using Streams.Silo.Tests.Storage;
using Streams.Testing;
using Xunit;

namespace Streams.Silo.Tests.Hosting;

/// <summary>What the silo may open is compared with what it needs before it starts.</summary>
public sealed class HandleTests
{
    [Theory]
    [InlineData(1674, 100, null)]
    [InlineData(1673, 100, "MaxWorkers of 100 needs 1674 file handles (450 for the silo, 2 for each worker, 1024 for connections), and the silo may open 1673|or set MaxWorkers to 99 at most")]
    [InlineData(20_000, 10_000, "MaxWorkers of 10000 needs 21474 file handles|may open 20000|or set MaxWorkers to 9263 at most")]
    [InlineData(1024, 1, "MaxWorkers of 1 needs 1476 file handles|may open 1024|LimitNOFILE, Docker's --ulimit nofile).")]
    public void Workers_that_do_not_fit_are_refused_with_both_numbers_and_the_remedy(long limit, int workers, string? expected)
    {
        string? shortage = HandleBudget.FindShortage(limit, workers, 1024);

        Assert.Equal(expected is null, shortage is null);
        Assert.All(expected?.Split('|') ?? [], part => Assert.Contains(part, shortage, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("256:256", "100", "needs 450 file handles for itself and 2 for each worker, and may open 256")]
    [InlineData("2000:2000", "5000", "Streams:Workers:MaxWorkers of 5000 needs 11782 file handles")]
    public async Task A_silo_that_cannot_have_its_handles_says_so_and_ends(string limit, string workers, string expected)
    {
        if (ChildProgram.Find("prlimit") is null)
        {
            Assert.Skip("there is no prlimit (util-linux)");
        }

        using TemporaryFolder data = new();
        await using ChildProgram silo = ChildProgram.Start("prlimit", [$"--nofile={limit}", "dotnet", Path.Combine(AppContext.BaseDirectory, "Streams.Silo.dll")], new Dictionary<string, string>
        {
            ["Streams__Workers__MaxWorkers"] = workers,
            ["Streams__Data__Folder"] = data.File("data"),
        });

        Assert.Equal(1, await silo.WaitForEnd());
        Assert.Contains(expected, silo.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("xception", silo.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Free_handles_are_counted_without_one_and_not_further_than_asked()
    {
        Assert.Equal(5, FileHandles.CountFree(5));
        Assert.True(FileHandles.Limit > 100);
    }
}

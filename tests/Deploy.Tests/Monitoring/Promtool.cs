using Streams.Testing;
using Xunit;

namespace Streams.Deploy.Tests.Monitoring;

/// <summary>Prometheus' own checker.</summary>
internal static class Promtool
{
    /// <summary>Runs it, and asserts that it has no complaint; the test is skipped where there is none.</summary>
    public static async Task Accepts(params string[] arguments)
    {
        if (ChildProgram.Find("promtool") is not { } promtool)
        {
            Assert.Skip("promtool is not installed: make setup-test");
            return;
        }

        (int exitCode, string output) = await ChildProgram.Run(promtool, arguments);
        Assert.True(exitCode == 0, output);
    }
}

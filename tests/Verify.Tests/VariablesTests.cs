using Streams.Verify.Systems;
using Xunit;

namespace Streams.Verify.Tests;

/// <summary>Environment variables that are set for a while.</summary>
public sealed class VariablesTests
{
    [Fact]
    public void They_are_as_before_afterwards()
    {
        const string Name = "STREAMS_VERIFY_TESTS_VARIABLE";
        Environment.SetEnvironmentVariable(Name, "before");
        using (new Variables((Name, "now"), ("STREAMS_VERIFY_TESTS_OTHER", null)))
        {
            Assert.Equal("now", Environment.GetEnvironmentVariable(Name));
        }

        Assert.Equal("before", Environment.GetEnvironmentVariable(Name));
        Environment.SetEnvironmentVariable(Name, null);
    }
}

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Streams.Api.Logging;
using Xunit;

namespace Streams.Api.Tests.Door;

/// <summary>Rate limit of log lines about refusals.</summary>
public sealed class RefusalLogTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly LogCapture _logs = new();
    private readonly RefusalLog _refusals;

    public RefusalLogTests() => _refusals = new RefusalLog(_time, new LoggerFactory([_logs]).CreateLogger<RefusalLog>());

    public void Dispose() => _refusals.Dispose();

    [Fact]
    public void The_first_twenty_in_a_minute_are_written_and_one_line_says_how_many_were_not()
    {
        Assert.Equal(20, Admitted(10_000));
        Assert.Empty(_logs.Lines);
        _time.Advance(TimeSpan.FromMinutes(1));
        LogLine sum = Assert.Single(_logs.Lines);
        Assert.Equal((1741, "9980", "MediaRefused"), (sum.Id, sum.Fields["Count"], sum.Fields["Kind"]));
        Assert.Equal(20, Admitted(30));
        Assert.Equal(20, Enumerable.Range(0, 30).Count(_ => _refusals.Admits(RefusalKind.SignIn)));
    }

    [Fact]
    public void Without_any_that_was_left_out_nothing_is_said()
    {
        Admitted(20);
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(20, Admitted(20));
        Assert.Empty(_logs.Lines);
    }

    [Fact]
    public void What_was_left_out_is_said_at_the_end_of_the_service_too()
    {
        Admitted(21);
        _refusals.Dispose();
        Assert.Equal("1", Assert.Single(_logs.Lines).Fields["Count"]);
    }

    private int Admitted(int count) => Enumerable.Range(0, count).Count(_ => _refusals.Admits(RefusalKind.MediaRefused));
}

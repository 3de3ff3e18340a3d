using Streams.Verify.Logs;
using Xunit;

namespace Streams.Verify.Tests;

/// <summary>Which lines of a log are about a stream, and what they lack.</summary>
public sealed class CorrelationTests
{
    private const string Source = "\"StreamId\":\"demo\",\"SourceId\":\"s1\",\"SourceType\":\"rtmpConn\"";

    [Theory]
    [InlineData("""{"@m":"Application started"}""")]
    [InlineData("""{"@m":"a request","Path":"/v1/streams"}""")]
    [InlineData("Unhandled exception.")]
    public void A_line_that_names_no_stream_is_not_checked(string line) => Assert.Equal(0, CorrelationCheck.Of([line]).Checked);

    [Theory]
    [InlineData("""{"@m":"worker: cannot open rtsp://127.0.0.1:8554/live/demo/in"}""")]
    [InlineData("""{"@m":"of live/demo/out","StreamId":null}""")]
    [InlineData("Unhandled exception at live/demo/in")]
    public void A_line_that_names_a_path_must_name_the_stream(string line)
    {
        CorrelationCheck check = CorrelationCheck.Of([line]);

        Assert.StartsWith("without StreamId: ", Assert.Single(check.Gaps), StringComparison.Ordinal);
        Assert.Equal(1, check.Checked);
    }

    [Theory]
    [InlineData(1201, "\"EventId\":\"e\",\"Generation\":0")]
    [InlineData(1204, "\"EventId\":\"e\"")]
    [InlineData(1003, "\"Generation\":3,\"WorkerPid\":null")]
    [InlineData(2005, "\"Generation\":3,\"WorkerPid\":42")]
    [InlineData(1002, "\"Phase\":\"Running\",\"Generation\":3,\"WorkerPid\":42")]
    [InlineData(1002, "\"Phase\":\"Starting\",\"Generation\":3,\"WorkerPid\":null")]
    public void A_line_with_all_that_its_event_knows_has_no_gap(int number, string more) =>
        Assert.Empty(CorrelationCheck.Of([$"{{\"LogId\":{number},{Source},{more}}}"]).Gaps);

    [Theory]
    [InlineData(1201, "\"Generation\":0", "EventId")]
    [InlineData(2005, "\"Generation\":3,\"WorkerPid\":null", "WorkerPid")]
    [InlineData(2001, "\"WorkerPid\":42", "Generation")]
    [InlineData(1002, "\"Phase\":\"Running\",\"Generation\":3", "WorkerPid")]
    [InlineData(1003, "\"WorkerPid\":42", "Generation")]
    public void What_its_event_knows_and_a_line_lacks_is_named(int number, string more, string missing) =>
        Assert.StartsWith($"without {missing}: ", Assert.Single(CorrelationCheck.Of([$"{{\"LogId\":{number},{Source},{more}}}"]).Gaps), StringComparison.Ordinal);

    [Fact]
    public void A_phase_without_a_publisher_needs_no_source() =>
        Assert.Empty(CorrelationCheck.Of(["""{"LogId":1002,"Phase":"Offline","StreamId":"demo","SourceId":null,"Generation":3}"""]).Gaps);

    [Fact]
    public async Task Only_whole_lines_after_the_mark_are_read()
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "before\n", TestContext.Current.CancellationToken);
            LogMark mark = LogMark.AtEnd(file);
            await File.AppendAllTextAsync(file, "one\ntwo\nnot yet who", TestContext.Current.CancellationToken);

            Assert.Equal(["one", "two"], await mark.ReadLines());
        }
        finally
        {
            File.Delete(file);
        }
    }
}

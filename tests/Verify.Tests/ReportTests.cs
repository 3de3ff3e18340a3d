using System.Text.Json;
using Streams.Measuring.Timing;
using Streams.Testing;
using Streams.Verify.Results;
using Xunit;

namespace Streams.Verify.Tests;

/// <summary>The table, and what counts as met.</summary>
public sealed class ReportTests
{
    private static readonly Outcome Fast = Outcome.OfTimes("SC-006", new Samples([1, 2, 3]), "how it was measured");
    private static readonly Outcome Slow = Outcome.OfTimes("SC-006", new Samples([1, 2, 100]));

    [Fact]
    public void A_time_is_met_when_its_95th_percentile_is_below_the_target()
    {
        Assert.True(Fast.Passed);
        Assert.False(Slow.Passed);
    }

    [Fact]
    public void The_table_has_a_row_for_each_criterion_with_both_measurements()
    {
        string[] lines = ReportMarkdown.Table(Of(new ReportRow(Criterion.Of("SC-006"), Fast, Slow))).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(["id", "criterion", "target", "1 stream", "5 streams", "result"], Cells(lines[0]));
        Assert.Equal(
            ["SC-006", "Control API `GET /v3/paths/list`", "< 100 ms", "p95 3.0 ms, p50 2.0 ms (n=3)", "p95 100 ms, p50 2.0 ms (n=3)", "FAIL"], Cells(lines[2]));
        Assert.Single(lines.Select(static line => line.Length).Distinct());
    }

    [Fact]
    public void The_report_says_which_media_server_it_is_of_and_how_things_were_measured()
    {
        string text = ReportMarkdown.Of(Of(new ReportRow(Criterion.Of("SC-006"), Fast, Fast)));

        Assert.Contains("Media server: **the stand-in**", text, StringComparison.Ordinal);
        Assert.Contains("## SC-006\n\n- how it was measured\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_note_of_one_number_of_streams_says_of_which() =>
        Assert.Contains("- 1 stream: how it was measured", ReportMarkdown.Of(Of(new ReportRow(Criterion.Of("SC-006"), Fast, Slow))), StringComparison.Ordinal);

    [Fact]
    public void Concurrency_is_met_when_all_others_are_with_five_streams()
    {
        ReportRow slowAlone = new(Criterion.Of("SC-006"), Slow, Fast);
        ReportRow slowWithFive = new(Criterion.Of("SC-007"), Fast, Slow);

        Assert.True(ReportRow.OfConcurrency([slowAlone]).Passed);
        Assert.Equal("not met: SC-007", ReportRow.OfConcurrency([slowAlone, slowWithFive]).Five.Measured);
        Assert.False(ReportRow.OfConcurrency([]).Passed);
    }

    [Fact]
    public void One_failed_row_fails_the_report()
    {
        ReportRow good = new(Criterion.Of("SC-006"), Fast, Fast);

        Assert.True(Of(good).Passed);
        Assert.False(Of(good, new ReportRow(Criterion.Of("SC-007"), Slow, Fast)).Passed);
        Assert.False(Of(good, new ReportRow(Criterion.Of("SC-007"), Fast, Outcome.Unmeasured("it did not answer"))).Passed);
    }

    [Fact]
    public async Task Both_files_are_written()
    {
        string folder = Directory.CreateTempSubdirectory("streams-verify-").FullName;
        try
        {
            await ReportFiles.Write(Of(new ReportRow(Criterion.Of("SC-006"), Fast, Fast)), folder);

            JsonElement report = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "report.json"), TestContext.Current.CancellationToken)).RootElement;
            Assert.True(report.GetProperty("passed").GetBoolean());
            Assert.Equal(3, report.GetProperty("rows")[0].GetProperty("one").GetProperty("samples").GetProperty("p95").GetDouble());
            Assert.True(File.Exists(Path.Combine(folder, "report.md")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_criteria_are_those_of_the_requirements()
    {
        string requirements = File.ReadAllText(Streams.Testing.Repository.PathOf("docs", "requirements.md"));

        Assert.All(Criterion.All, criterion => Assert.Contains($"| {criterion.Id} | {criterion.Text} | {criterion.Target} |", requirements, StringComparison.Ordinal));
    }

    private static Report Of(params ReportRow[] rows) => new()
    {
        At = DateTimeOffset.UnixEpoch,
        MediaServer = "the stand-in",
        Machine = "2 cores",
        Commit = "commit abc",
        Rows = rows,
    };

    private static string[] Cells(string line) => [.. line.Trim('|', ' ').Split('|').Select(static cell => cell.Trim())];
}

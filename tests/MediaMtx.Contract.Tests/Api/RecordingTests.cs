using Xunit;

namespace Streams.MediaMtx.Contract.Tests;

public sealed class RecordingTests
{
    [Theory]
    [InlineData("api-paths-list.json")]
    [InlineData("api-paths-list-page.json")]
    [InlineData("api-paths-list-after-takeover.json")]
    [InlineData("api-paths-list-after-end.json")]
    public async Task A_recorded_list_holds_to_the_schema(string recording) =>
        Assert.Empty(await PathsListSchema.Violations(Recording.Text(recording)));

    [Theory]
    [InlineData("\"items\"", "\"things\"")]
    [InlineData("\"itemCount\":2", "\"itemCount\":\"2\"")]
    [InlineData("\"available\":true", "\"available\":null")]
    [InlineData("\"source\":{\"type\":\"rtmpConn\",", "\"source\":{")]
    [InlineData("\"availableTime\":\"2026-11-22T", "\"availableTime\":\"2026-11-22 ")]
    public async Task A_list_that_is_wrong_does_not(string right, string wrong)
    {
        string list = Recording.Text("api-paths-list.json");
        Assert.Contains(right, list, StringComparison.Ordinal);
        Assert.NotEmpty(await PathsListSchema.Violations(list.Replace(right, wrong, StringComparison.Ordinal)));
    }
}

using System.Text.Json;
using Serilog;
using Serilog.Formatting.Compact;
using Streams.Api.Logging;
using Xunit;

namespace Streams.Api.Tests;

public sealed class VisibleTextEnricherTests
{
    [Fact]
    public void Nothing_in_a_line_controls_a_terminal_in_JSON_or_out_of_it()
    {
        using MemoryStream target = new();
        using (Serilog.Core.Logger logger = new LoggerConfiguration().Enrich.With(new VisibleTextEnricher()).WriteTo.Sink(new StandardOutput(new RenderedCompactJsonFormatter(), target)).CreateLogger())
        {
            logger.Information("Taken from {Query}, {Agent} {Plain} {Count}", "lang=\u001b[2J\0", "a\u009b31m\u007f\u202e\n", "tab\tand \U0001F600", 3);
        }

        JsonElement line = JsonElement.Parse(target.ToArray());
        Assert.Equal(@"lang=\x1b[2J\x00", line.GetProperty("Query").GetString());
        Assert.Equal(@"a\x9b31m\x7f\u202e\x0a", line.GetProperty("Agent").GetString());
        Assert.Equal("tab\tand \U0001F600", line.GetProperty("Plain").GetString());
        Assert.DoesNotContain(line.GetProperty("@m").GetString()!, static c => char.IsControl(c) && c != '\t');
    }
}

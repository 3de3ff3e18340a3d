using System.Text;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Parsing;
using Streams.Api.Logging;
using Streams.Testing;
using Xunit;

namespace Streams.Api.Tests;

public sealed class StandardOutputTests
{
    [Fact]
    public async Task Lines_come_out_without_anyone_waiting_for_them()
    {
        Target target = new();
        using StandardOutput output = new(new TextOnly(), target);
        output.Emit(Line("one"));
        output.Emit(Line("two"));
        await Eventually.Get(() => target.Text, static text => text == "one\ntwo\n", "both lines are written");
    }

    [Fact]
    public void An_error_is_written_when_the_call_returns_after_all_that_came_before_it()
    {
        Target target = new();
        using StandardOutput output = new(new TextOnly(), target);
        output.Emit(Line("before"));
        output.Emit(Line("broken", LogEventLevel.Error));
        Assert.Equal("before\nbroken\n", target.Text);
    }

    [Fact]
    public void Nothing_is_lost_in_a_flood_or_at_the_end()
    {
        const int Count = 50_000;
        Target target = new();
        using (StandardOutput output = new(new TextOnly(), target))
        {
            Parallel.For(0, Count, new ParallelOptions { MaxDegreeOfParallelism = 4 }, index => output.Emit(Line($"{index}")));
        }

        Assert.Equal(Count, target.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct().Count());
    }

    private static LogEvent Line(string text, LogEventLevel level = LogEventLevel.Information) =>
        new(DateTimeOffset.UnixEpoch, level, null, new MessageTemplateParser().Parse(text), []);

    private sealed class TextOnly : ITextFormatter
    {
        public void Format(LogEvent logEvent, TextWriter output) => output.WriteLine(logEvent.MessageTemplate.Text);
    }

    /// <summary>What was written, readable while it is being written.</summary>
    private sealed class Target : MemoryStream
    {
        private readonly Lock _lock = new();

        public string Text
        {
            get
            {
                lock (_lock)
                {
                    return Encoding.UTF8.GetString(ToArray());
                }
            }
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            lock (_lock)
            {
                base.Write(buffer, offset, count);
            }
        }
    }
}

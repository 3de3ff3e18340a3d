using System.Globalization;
using System.Text;

namespace Streams.Benchmarks.Results;

/// <summary>The page of results: all sections as Markdown.</summary>
internal static class ResultPage
{
    private const string Introduction = """
        # Benchmarks

        What one machine can do, and what that is compared with. This page is written by the program that measures: run it on your own machine.

        ```
        make bench                      # all of it, the cluster alone for half an hour; the results are left in .run/bench
        make bench ONLY="hook memory"   # some of it, by the names below
        make bench ONLY=cluster TIMES=3 # the cluster, each fault 3 times instead of 10
        make bench PUBLISH=1            # all of it, and writes this page
        ```

        Real processes: a silo, a media server and the published hook, as they are deployed, all on one machine with what measures them. Workers are
        `tests/FakeWorker`, which reports as ffmpeg does and costs next to nothing, so that it is the controller that is measured; the cluster's are ffmpeg. Each number has a target of
        the design, or a reference that was measured in the same run, or both; the ratio is the number divided by the reference, and says more than
        either on another machine. p50, p95 and p99 are the nearest rank. What was improved, and why a target is missed, is in
        [decision 0017](decisions/0017-what-the-benchmarks-changed.md).
        """;

    public static string Of(IReadOnlyList<Section> sections)
    {
        StringBuilder page = new(Introduction.ReplaceLineEndings("\n"));
        page.Append("\n\n").AppendLine(Conditions(sections));
        foreach (Section section in sections)
        {
            page.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"## {section.Title}").AppendLine();
            page.AppendLine(CultureInfo.InvariantCulture, $"`{section.Name}`: {section.How}").AppendLine();
            page.Append(SectionTable.Of(section));
            foreach (Chart chart in section.Findings.Charts)
            {
                page.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"![{chart.Title}](images/{chart.Name}.svg)");
            }
        }

        return page.ToString().ReplaceLineEndings("\n");
    }

    /// <summary>Time, commit, machine and media server; once where all sections share them.</summary>
    private static string Conditions(IReadOnlyList<Section> sections)
    {
        StringBuilder text = new();
        foreach (IGrouping<(string Machine, string Commit), Section> alike in sections.GroupBy(static section => (section.Machine, section.Commit)))
        {
            string names = alike.Count() == sections.Count ? "All" : string.Join(", ", alike.Select(static section => section.Name));
            double otherWork = alike.Max(static section => section.OtherWork);
            string busy = otherWork > Section.Quiet ? $" **Other work kept up to {Numbers.Text(otherWork)} cores busy: the times are too long.**" : "";
            text.AppendLine(CultureInfo.InvariantCulture, $"- {names}: {alike.Min(static section => section.At):yyyy-MM-dd HH:mm} UTC, {alike.Key.Commit}, in {alike.Sum(static section => section.Seconds):0} s, on {alike.Key.Machine}.{busy}");
        }

        IGrouping<string, Section>[] groups = [.. sections.GroupBy(static section => section.MediaServer)];
        string servers = string.Join("; ", groups.Select(group => groups.Length == 1 ? group.Key : $"{group.Key} ({string.Join(", ", group.Select(static section => section.Name))})"));
        return text.AppendLine(CultureInfo.InvariantCulture, $"- Media server: {servers}.").ToString().TrimEnd();
    }
}

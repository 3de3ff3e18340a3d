// make verify: measures the success criteria on this machine, writes a report into the folder given as the first argument, and ends
// with 0 when all are met. The other arguments are the ids of the criteria to measure; all of them when there are none. AUDIENCE in the
// environment says which changes SC-013 is measured with.
using Streams.Verify;
using Streams.Verify.Audience;
using Streams.Verify.Results;

string folder = args[0];
HashSet<string> wanted = [.. args.Length > 1 ? args[1..] : Criterion.All.Select(static criterion => criterion.Id)];
if (wanted.Except(Criterion.All.Select(static criterion => criterion.Id)).ToArray() is { Length: > 0 } unknown)
{
    Console.Error.WriteLine($"error: no such criterion: {string.Join(", ", unknown)}; there are SC-001 to SC-013");
    return 2;
}

await using Cleanup cleanup = new();
using Interruption interruption = new(cleanup.DisposeAsync);
try
{
    Report report = await new Verification(wanted, new AudienceChoice(Environment.GetEnvironmentVariable("AUDIENCE")), cleanup, Console.WriteLine).Run();
    await ReportFiles.Write(report, folder);
    Console.WriteLine($"\n{ReportMarkdown.Of(report)}");
    Console.WriteLine($"{(report.Passed ? "All criteria are met" : "NOT all criteria are met")}. The report: {folder}/report.md, {folder}/report.json");
    return report.Passed ? 0 : 1;
}
catch (Exception failed)
{
    Console.Error.WriteLine($"error: {failed.Message}");
    return 1;
}

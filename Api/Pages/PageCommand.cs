namespace Streams.Api.Pages;

/// <summary>A command as a page offers it.</summary>
/// <param name="Name">Its name in the address.</param>
/// <param name="Operation">The API's name of it.</param>
/// <param name="Verb">What the button says.</param>
/// <param name="Question">What is asked before it is sent; {0} is the stream.</param>
/// <param name="Consequence">What it does.</param>
public sealed record PageCommand(string Name, string Operation, string Verb, string Question, string Consequence)
{
    internal static PageCommand Restart { get; } = new(
        "restart", "RestartStream", "Restart", "Restart {0}?", "Its next worker takes the output over from the present one, which then ends. If the next one does not come up, the present one stays.");

    internal static PageCommand Stop { get; } = new(
        "stop", "StopStream", "Stop", "Stop {0}?", "Its worker ends, and none starts until somebody resumes or restarts the stream, whatever the publisher does.");

    internal static PageCommand Resume { get; } = new("resume", "ResumeStream", "Resume", "Resume {0}?", "A worker starts as soon as somebody publishes the input.");

    internal static PageCommand Profile { get; } = new(
        "profile", "ChooseStreamProfile", "Change profile", "Change the profile of {0}?", "A worker of the new profile takes the output over from a running one. If it does not come up, the former worker and profile stay.");

    internal static IReadOnlyList<PageCommand> All { get; } = [Restart, Stop, Resume, Profile];

    internal string QuestionFor(string streamId) => Question.Replace("{0}", streamId, StringComparison.Ordinal);
}

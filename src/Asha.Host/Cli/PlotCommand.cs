using System.CommandLine;
using Asha.Core.Experiments;
using Asha.Host.Plots;
using Asha.Tuning;
using Asha.Tuning.Runs;

namespace Asha.Host.Cli;

/// <summary><c>asha plot RUN …</c>: pictures of runs, from their events.</summary>
internal static class PlotCommand
{
    private const string Comparison = "compare";

    private static readonly string[] Formats = ["png", "svg"];

    private static readonly Dictionary<string, Func<PlottedRun, Picture>> Pictures = new()
    {
        ["timeline"] = TimelinePicture.Of,
        ["curves"] = CurvesPicture.Of,
        ["best"] = BestPicture.Of,
        ["parallel"] = ParallelPicture.Of,
    };

    public static Command Create()
    {
        var folders = new Argument<string[]>("run") { Description = "The run's folder, or its name below --runs or with --to in a cluster. Of several, their slot timelines are also drawn together.", Arity = ArgumentArity.OneOrMore };
        folders.Validators.Add(PathArgument.Check);
        var runs = TuneCommand.RunsOption();
        var format = Choice("--format", "Only this format: png or svg. Left out: both.", "png|svg");
        var only = Choice("--only", $"Only these pictures: {string.Join(", ", Pictures.Keys)}, {Comparison}.", "names");
        var target = new Option<string>("--out") { Description = "The folder for the pictures. Left out: plots/ in the run's folder, of a run of a cluster plots/RUN in the current one; of several runs, the last one's." };
        target.Validators.Add(PathArgument.Check);
        var width = Pixels("--width", 1200);
        var height = Pixels("--height", 720);
        var command = new Command("plot", "Draws what a run did, or how far it is.") { folders, runs, format, only, target, width, height };
        var server = new ServerOptions();
        server.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            var given = parsed.GetRequiredValue(folders);
            if (!server.IsMeant(parsed, runs))
                return Task.FromResult(Plot([.. given.Select(run => RunSource.Of(RunFolder.Open(run, parsed.GetRequiredValue(runs))))]));
            return server.RunAsync(parsed, async client =>
            {
                var sources = new List<RunSource>();
                foreach (var run in given)
                    sources.Add(await RunSource.OfAsync(client, run, cancel));
                return Plot(sources);
            });

            int Plot(IReadOnlyList<RunSource> sources) => PlotCommand.Plot(sources,
                Chosen(parsed.GetValue(only), [.. Pictures.Keys, Comparison], "--only", "picture"),
                Chosen(parsed.GetValue(format), Formats, "--format", "format"),
                parsed.GetValue(target), parsed.GetValue(width), parsed.GetValue(height));
        });
        return command;
    }

    private static int Plot(IReadOnlyList<RunSource> sources, IReadOnlyList<string> names, IReadOnlyList<string> formats, string? target, int width, int height)
    {
        if (sources.Count == 1 && names is [Comparison])
            throw new UserErrorException($"--only {Comparison}: it takes several runs", $"asha plot RUN RUN --only {Comparison}");
        var runs = sources.Select(Read).ToList();
        for (var index = 0; index < runs.Count; index++)
        {
            foreach (var name in names.Where(Pictures.ContainsKey))
                Write(target ?? Plots(sources[index]), target is not null && runs.Count > 1 ? $"{sources[index].Name}-{name}" : name, Pictures[name](runs[index]), height);
        }
        if (names.Contains(Comparison) && runs.Count > 1)
            Write(target ?? Plots(sources[^1]), Comparison, TimelinePicture.Compare(runs), Math.Max(height, 120 + 240 * runs.Count));
        return ExitCode.Done;

        void Write(string folder, string name, Picture picture, int high)
        {
            foreach (var format in formats)
                Save(folder, $"{name}.{format}", format == "png" ? picture.ToPng(width, picture.HeightOf(high)) : picture.ToSvg(width, picture.HeightOf(high)));
        }
    }

    private static string Plots(RunSource source) => source.Folder?.In("plots") ?? Path.Combine("plots", source.Name);

    private static PlottedRun Read(RunSource source)
    {
        source.Folder?.EndOrphans(Console.Error);
        var record = source.Read(RunRecord.Whole());
        var since = source.SinceStart(record);
        return new PlottedRun(record, since > record.State.Time ? since.Value : record.State.Time, since is not null);
    }

    private static void Save(string folder, string name, byte[] picture)
    {
        var path = Path.Combine(folder, name);
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(path, picture);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path}: cannot be written: {error.Message}", "Choose another folder with --out.");
        }
        Console.Out.WriteLine(Output.Clean(path));
    }

    private static Option<string> Choice(string name, string description, string help) => new(name) { Description = description, HelpName = help };

    private static Option<int> Pixels(string name, int pixels)
    {
        var option = new Option<int>(name) { Description = "Pixels, 400 to 10000.", HelpName = "pixels", DefaultValueFactory = _ => pixels };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, out var value) || value is < 400 or > 10000))
                result.AddError($"{name} {token.Value}: wants whole pixels, 400 to 10000.");
        });
        return option;
    }

    /// <summary>The names in a list with commas; all of them where nothing is given.</summary>
    private static IReadOnlyList<string> Chosen(string? given, IReadOnlyList<string> known, string option, string what)
    {
        if (given is null)
            return known;
        var chosen = given.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var unknown = chosen.Except(known).Select(name => $"{option} {given}: there is no {what} '{name}'; there are {string.Join(", ", known)}").ToList();
        return unknown.Count > 0 ? throw new UserErrorException(unknown)
            : chosen.Length > 0 ? chosen : throw new UserErrorException($"{option}: it names no {what}; there are {string.Join(", ", known)}");
    }
}

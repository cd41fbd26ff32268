using System.Text.Json;
using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Outputs.Report;
using Gfxbake.Unit.Tests.Pipeline.Outputs.Report;

namespace Gfxbake.Host.Tests.Browser;

/// <summary>report.html in a real browser, as people use it.</summary>
[TestFixture, Category(Needs.Browser)]
internal sealed class ReportPageTests
{
    private const int Paths = 10_000;
    private const int MostRender = 2_000;
    private const int MostSearch = 100;
    private const string Rendered = "performance.getEntriesByName('report-rendered')[0].startTime";
    private const string Crumbs = "document.querySelectorAll('#crumbs button').length";

    // What the page makes of SampleReport.Hostile.
    private const string Shown = "/usr/share/</script><img src=x onerror=alert(1)>\\u000a\\u2028\\u202e\"'&`é\U0001f9e8";

    // Of every text and the nearest colour behind it; the labels' veil is nearly opaque.
    private const string Contrast = """
        (() => {
          const linear = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
          const light = c => { const [r, g, b] = c.map(linear); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
          const parse = text => (text.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number);
          let least = 21;
          for (const e of document.querySelectorAll('body *')) {
            if (!e.checkVisibility() || e.closest('svg, script')) continue;
            if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
            let back = e;
            while (back.parentElement && (parse(getComputedStyle(back).backgroundColor)[3] ?? 1) < 0.8) back = back.parentElement;
            const colours = [getComputedStyle(e).color, getComputedStyle(back).backgroundColor];
            const [a, b] = colours.map(c => light(parse(c).slice(0, 3))).sort((x, y) => y - x);
            least = Math.min(least, (a + 0.05) / (b + 0.05));
          }
          return least;
        })()
        """;

    private DirectoryInfo? folder;
    private string file = "";
    private Chromium chromium = null!;
    private BrowserPage page = null!;

    [OneTimeSetUp]
    public void Start()
    {
        chromium = Chromium.Start();
        folder = Directory.CreateTempSubdirectory("gfxbake-report-");
        file = Path.Combine(folder.FullName, "report.html");
        Write(Data());
    }

    [OneTimeTearDown]
    public void End()
    {
        chromium?.Dispose();
        folder?.Delete(recursive: true);
    }

    [SetUp]
    public async Task Open()
    {
        page = await chromium.OpenPage();
        await page.Resize(1280, 900);
        await page.Open(file);
    }

    // What goes wrong in any test, goes wrong for people too.
    [TearDown]
    public async Task Close()
    {
        await using (page)
        {
            Assert.Multiple(() =>
            {
                Assert.That(page.Problems, Is.Empty, "problems on the console");
                Assert.That(
                    page.Requests,
                    Is.Not.Empty.And.All.EqualTo(new Uri(file).AbsoluteUri),
                    "nothing but the page itself is asked for"
                );
            });
        }
    }

    [Test]
    public async Task Ten_thousand_paths_are_drawn_within_two_seconds()
    {
        var time = await page.Evaluate<double>(Rendered);

        TestContext.Out.WriteLine($"{Paths} paths drawn after {time:0} ms");
        Assert.That(time, Is.LessThan(MostRender));
        Assert.That(await page.Evaluate<string>("found.textContent"), Does.StartWith("10,000 of 10,000 paths"));
    }

    [Test]
    public async Task Only_rows_in_view_are_elements() =>
        Assert.That(await page.Evaluate<int>("document.querySelectorAll('.row').length"), Is.InRange(10, 100));

    [Test]
    public async Task Search_narrows_the_table_at_once()
    {
        await page.Click("#search");
        await page.Send("Input.insertText", new { text = "LIBKERNELS.so slimmed" });
        await page.Until("document.querySelectorAll('.row').length === 1");

        Assert.That(await page.Evaluate<string>("document.querySelector('.row .c-path').textContent"), Is.EqualTo(SampleReport.Slimmed));
        Assert.That(
            await page.Evaluate<string>("document.querySelector('.row .c-chain').textContent"),
            Is.EqualTo("needed by server ← traced in serve-cpu")
        );
        foreach (var text in new[] { "", "file", "zzz", "so dropped" })
        {
            var time = await page.Evaluate<double>(
                $"(() => {{ const start = performance.now(); search.value = {JsonSerializer.Serialize(text)}; "
                    + $"search.dispatchEvent(new Event('input')); document.body.offsetHeight; return performance.now() - start; }})()"
            );
            TestContext.Out.WriteLine($"search for '{text}': {time:0.0} ms");
            Assert.That(time, Is.LessThan(MostSearch), text);
        }
    }

    [TestCase("action", "2", 1)]
    [TestCase("group", "rule", 1)]
    [TestCase("action", "3", 1)]
    [TestCase("group", "named", 1)]
    [TestCase("group", "standin", 1)]
    public async Task Lists_narrow_the_table(string list, string value, int rows)
    {
        await page.Evaluate<bool>(
            $"document.getElementById('{list}').value = '{value}', document.getElementById('{list}').dispatchEvent(new Event('change'))"
        );

        Assert.That(await page.Evaluate<string>("found.textContent"), Does.StartWith($"{rows} of 10,000 paths"));
    }

    [Test]
    public async Task Heads_sort_the_table_both_ways()
    {
        const string First = "document.querySelector('#row-0 .c-path').textContent";
        Assert.That(await page.Evaluate<string>(First), Is.EqualTo(SampleReport.Slimmed), "largest first");

        await page.Click(".c-path button");
        Assert.That(await page.Evaluate<string>(First), Is.EqualTo("/"));

        await page.Click(".c-path button");
        Assert.That(await page.Evaluate<string>(First), Does.StartWith("/var/lib/data/"));
        Assert.That(await page.Evaluate<string>("document.querySelector('.c-path').ariaSort"), Is.EqualTo("descending"));
    }

    [TestCase("folder")]
    [TestCase("package")]
    public async Task Map_zooms_by_click_and_by_keyboard_and_back(string by)
    {
        await page.Click($"#map-by input[value={by}]");
        var top = await page.Evaluate<string>("document.querySelector('.tile').ariaLabel");

        await page.Click(".tile");
        await page.Until($"{Crumbs} === 2");
        await page.Press("Escape");
        await page.Until($"{Crumbs} === 1");
        Assert.That(
            await page.Evaluate<string>("document.activeElement.ariaLabel"),
            Is.EqualTo(top),
            "focus is back on the tile it went into"
        );

        await page.Press("Enter");
        await page.Until($"{Crumbs} === 2");
        Assert.That(await page.Evaluate<bool>("document.activeElement.matches('.tile')"), Is.True);
        var first = await page.Evaluate<string>("document.activeElement.ariaLabel");
        await page.Press("End");
        Assert.That(await page.Evaluate<string>("document.activeElement.ariaLabel"), Is.Not.EqualTo(first));
        await page.Click("#crumbs button");
        await page.Until($"{Crumbs} === 1");
    }

    [Test]
    public async Task Arrow_keys_move_between_tiles()
    {
        await page.Evaluate<bool>("document.querySelector('.tile').focus() ?? true");
        var first = await page.Evaluate<string>("document.activeElement.ariaLabel");

        await page.Press("ArrowRight");

        Assert.That(await page.Evaluate<string>("document.activeElement.ariaLabel"), Is.Not.EqualTo(first));
        Assert.That(await page.Evaluate<int>("document.querySelectorAll('.tile[tabindex=\"0\"]').length"), Is.EqualTo(1));
    }

    [Test]
    public async Task Table_is_walked_by_keyboard()
    {
        await page.Evaluate<bool>("document.getElementById('group').focus() ?? true");
        for (var i = 0; i < 10 && !await page.Evaluate<bool>("document.activeElement.id === 'table'"); i++)
            await page.Press("Tab");
        Assert.That(await page.Evaluate<string>("document.activeElement.id"), Is.EqualTo("table"));
        Assert.That(
            await page.Evaluate<string>("getComputedStyle(document.activeElement).outlineStyle"),
            Is.EqualTo("solid"),
            "focus is seen"
        );

        await page.Press("ArrowDown");
        await page.Press("Enter");
        Assert.That(
            await page.Evaluate<string>("document.querySelector('#row-detail h3').textContent"),
            Is.EqualTo("/usr/lib/libloaded.so")
        );
        Assert.That(
            await page.Evaluate<string>("document.querySelector('#row-detail ol').textContent"),
            Is.EqualTo(
                $"dlopened by /usr/lib/libneeded.soneeded by {SampleReport.Slimmed}needed by {SampleReport.Program}traced in serve-cpu"
            )
        );

        await page.Press("End");
        await page.Until($"document.querySelector('[aria-selected=true]').ariaRowIndex === '{Paths + 1}'");
    }

    [Test]
    public async Task Hostile_name_is_text()
    {
        await page.Click("#search");
        await page.Send("Input.insertText", new { text = "onerror" });
        await page.Until("document.querySelectorAll('.row').length === 1");

        Assert.That(await page.Evaluate<string>("document.querySelector('.row .c-path').textContent"), Is.EqualTo(Shown));
        Assert.That(await page.Evaluate<int>("document.querySelectorAll('img').length"), Is.Zero);
    }

    [Test]
    public async Task Numbers_stand_side_by_side_in_words()
    {
        Assert.That(
            await page.Evaluate<string>("document.querySelectorAll('#numbers h3')[0].textContent"),
            Is.EqualTo("server-device: POST /completion")
        );
        Assert.That(
            await page.Evaluate<string>("[...document.querySelectorAll('#numbers h3 ~ p')].map(p => p.textContent).join('\\n')"),
            Is.EqualTo(
                string.Join(
                    '\n',
                    "Passed. Largest difference of a log probability: 0.0074, within the limit of 0.02: token 372 “ GPU” at "
                        + "position 3, -4.7361 in "
                        + "server-cpu of the full image, -4.7435 here.",
                    "1,216 compared, at least 200 must be; 8 of 8 positions. Kullback-Leibler divergence of the first position: 0.000012.",
                    $"NOT PASSED. Largest difference of a log probability: 0.16, ABOVE the limit of 0.02: token 5 “{Shown}” at "
                        + "position 1, -1 in "
                        + "server-cpu of the full image, -1.16 here.",
                    "23 compared, at least 36 must be; 2 of 8 positions; after them the two texts part.",
                    "Passed. Largest difference of a value: 0.00004, within the limit of 0.001: value 7 of text 1, "
                        + "0.17 in server-cpu-embedding "
                        + "of the full image, 0.17004 here.",
                    "256 compared, at least 256 must be; 1 of 1 texts."
                )
            )
        );
        Assert.That(
            await page.Evaluate<string>(
                "[...document.querySelectorAll('#numbers tbody tr')]"
                    + ".map(r => [...r.children].map(c => c.textContent).join('|')).join('\\n')"
            ),
            Is.EqualTo(
                string.Join(
                    '\n',
                    "server-device|server-cpu|0.0074|0.02|1,216|passed",
                    "server-other|server-cpu|0.16|0.02|23|NOT PASSED",
                    "server-embedding|server-cpu-embedding|0.00004|0.001|256|passed",
                    "~|353|80.0 %|79.0 %|-0.223144|-0.235722|0.012579",
                    " GPU|372|0.9 %|0.9 %|-4.7361|-4.7435|0.0074",
                    "|379|0.0 %|not listed|-10.7|–|–",
                    $"{Shown}|5|36.8 %|31.3 %|-1|-1.16|0.16",
                    "7|0.17|0.17004|0.00004"
                )
            )
        );
        Assert.That(await page.Evaluate<int>("document.querySelectorAll('img').length"), Is.Zero);
    }

    [Test]
    public async Task Numbers_have_no_section_where_none_were_compared()
    {
        Write(SampleReport.Data(20));
        await page.Open(file);

        Assert.That(await page.Evaluate<bool>("document.getElementById('numbers').hidden"), Is.True);
        Assert.That(await page.Evaluate<bool>("document.getElementById('beside').hidden"), Is.True);
        Write(Data());
    }

    [Test]
    public async Task Variants_stand_side_by_side()
    {
        const string Texts = "[...document.querySelectorAll('#beside {0}')].map(e => e.textContent).join('|')";
        Assert.That(
            await page.Evaluate<string>(Texts.Replace("{0}", "thead tr:nth-child(1) th", StringComparison.Ordinal)),
            Does.StartWith(
                "Workload|debian, gfx1100|native, gfx1151|Token|Number|the CPU (debian)|the CPU (native)|"
                    + "the emulated GPU, gfx1100 (debian)|logarithm apart|the emulated GPU, gfx1151 (native)|logarithm apart|Number|"
            )
        );
        Assert.That(
            await page.Evaluate<string>(
                "[...document.querySelectorAll('#beside tbody tr')]"
                    + ".map(r => [...r.children].map(c => c.textContent).join('|')).join('\\n')"
            ),
            Is.EqualTo(
                string.Join(
                    '\n',
                    "serve|0.0108 of 0.05|0.9 of 0.05, NOT PASSED",
                    "embed|0.00004 of 0.05|0.00005 of 0.05",
                    "draw|not run (drawing is not installed)|–",
                    "“~”|353|80.000 %|70.000 %|79.000 %|0.012579|75.000 %|0.068993",
                    $"“{Shown}”|5|10.000 %|not listed|11.000 %|0.09531|not listed|–",
                    "“ GPU”|372|not listed|20.000 %|not listed|–|not listed|–",
                    "7|0.17|0.17004|0.00004|0.17005|0.00005"
                )
            )
        );
    }

    [Test]
    public async Task Running_it_shows_the_machine_models_and_measurements_as_text()
    {
        const string Of = "document.querySelector('#running {0}').textContent";
        Assert.That(
            await page.Evaluate<string>(Of.Replace("{0}", ".findings li", StringComparison.Ordinal)),
            Is.EqualTo(
                $"error Driver: {Shown}Without it no program finds the GPU. (docs/hosts.md, read 2026-11-28)Do: load it."
                    + "sudo modprobe amdgpukernel parameter, in: ttm.pages_limit=1"
            )
        );
        Assert.That(
            await page.Evaluate<string>(Of.Replace("{0}", "caption", StringComparison.Ordinal)),
            Is.EqualTo($"{Shown}: gpt-oss, 24 layers; memory 10.0 GB (--memory)")
        );
        Assert.That(
            await page.Evaluate<string>(Of.Replace("{0}", ".runs li", StringComparison.Ordinal)),
            Is.EqualTo($"{Shown}: no measurement of a GPU offloaded 3/3 layers to GPU")
        );
        Assert.That(
            await page.Evaluate<string>(
                "[...document.querySelectorAll('#running tbody tr')]"
                    + ".map(r => [...r.children].map(c => c.textContent).join('|')).join('\\n')"
            ),
            Is.EqualTo(
                string.Join(
                    '\n',
                    "yes|f16|8,192|7,500.0 MB|600.0 MB|0 B|400.0 MB|8,500.0 MB",
                    "computes nothing: the null GPU|pp512|0 depth|1,200|1,199|1,201|tokens/s",
                    "computes nothing: the null GPU|pp512|4,096 depth|600.0|600.0|600.0|tokens/s",
                    "computes nothing: the null GPU|tg128|0 depth|50.25|49.25|51.25|tokens/s",
                    "computes nothing: the null GPU|tg128|4,096 depth|25.13|25.13|25.13|tokens/s"
                )
            )
        );
        Assert.That(await page.Evaluate<int>("document.querySelectorAll('#running polyline').length"), Is.EqualTo(2));
        Assert.That(await page.Evaluate<int>("document.querySelectorAll('img').length"), Is.Zero);
    }

    [Test]
    public async Task Running_it_names_the_commands_where_nothing_is_there()
    {
        Write(SampleReport.Data(20));
        await page.Open(file);

        Assert.That(
            await page.Evaluate<string>("[...document.querySelectorAll('#running p')].map(p => p.textContent).join('\\n')"),
            Is.EqualTo(
                "Nobody asked whether this machine is fit. ./build.sh --target=Doctor --json\n"
                    + "No model was asked for. ./build.sh --target=FitModel --file=model.gguf --ctx=8192 --record\n"
                    + "Nothing was measured. ./build.sh --target=Bench --model=model.gguf"
            )
        );
        Write(Data());
    }

    [TestCase("light", 1280)]
    [TestCase("dark", 1280)]
    [TestCase("light", 360)]
    [TestCase("dark", 360)]
    public async Task Page_fits_its_window(string scheme, int width)
    {
        await page.Scheme(scheme);
        await page.Resize(width, 800);
        await page.Open(file);

        Assert.That(await page.Evaluate<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(width));
        var contrast = await page.Evaluate<double>(Contrast);
        TestContext.Out.WriteLine($"least contrast of a text, {scheme}, {width} px: {contrast:0.0}");
        Assert.That(contrast, Is.GreaterThanOrEqualTo(4.5));
        await Picture($"{scheme}-{width}");
    }

    [TestCase(1, true)]
    [TestCase(2, false)]
    public async Task History_is_drawn_from_the_second_build_on(int builds, bool hidden)
    {
        Write(SampleReport.Data(20, builds));
        await page.Open(file);

        Assert.That(await page.Evaluate<bool>("document.getElementById('history').hidden"), Is.EqualTo(hidden));
        Assert.That(await page.Evaluate<int>("document.querySelectorAll('#chart circle.l-full').length"), Is.EqualTo(hidden ? 0 : builds));
        Write(Data());
    }

    private static ReportData Data() =>
        SampleReport.Data(Paths, builds: 5, standIn: true) with
        {
            Numbers = SampleReport.Numbers,
            Beside = SampleSheet.Both,
            Running = SampleRunning.All,
        };

    private void Write(ReportData data) => AtomicFile.Write(file, stream => ReportPage.Write(data, stream));

    // For a look at it: GFXBAKE_PICTURES names a folder.
    private async Task Picture(string name)
    {
        if (Environment.GetEnvironmentVariable("GFXBAKE_PICTURES") is not { } folder)
            return;
        var picture = await page.Send("Page.captureScreenshot", new { captureBeyondViewport = true });
        await File.WriteAllBytesAsync(Path.Combine(folder, name + ".png"), Convert.FromBase64String(picture["data"]!.GetValue<string>()));
    }
}

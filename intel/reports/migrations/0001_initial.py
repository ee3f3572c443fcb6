# Reports, graded in one scheme each.

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("sharing", "0002_release_copies"),
    ]

    operations = [
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="report",
                        serialize=False,
                        to="sharing.record",
                    ),
                ),
                ("summary", models.TextField(help_text="What a reader must know, in two sentences.")),
                ("body", models.TextField(blank=True)),
                (
                    "scheme",
                    models.CharField(
                        choices=[
                            ("nato", "NATO / Admiralty A–F, 1–6"),
                            ("eu4x4", "European 4×4"),
                            ("uk3x5x2", "UK 3×5×2"),
                            ("uk5x5x5", "UK 5×5×5 (older reports)"),
                        ],
                        max_length=8,
                    ),
                ),
                ("source_grade", models.CharField(help_text="Reliability of the source, in the scheme.", max_length=1)),
                (
                    "information_grade",
                    models.CharField(help_text="Credibility of the information, in the scheme.", max_length=1),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("issued", "Issued"), ("withdrawn", "Withdrawn")], default="issued", max_length=10
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(blank=True, help_text="When its text or grade was last changed.", null=True),
                ),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdraw_reason", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "ordering": ["-record_id"],
                "indexes": [models.Index(fields=["scheme", "source_grade", "information_grade"], name="report_grade")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("information_grade__in", ["1", "2", "3", "4", "5", "6"]),
                                ("scheme", "nato"),
                                ("source_grade__in", ["A", "B", "C", "D", "E", "F"]),
                            ),
                            models.Q(
                                ("information_grade__in", ["1", "2", "3", "4"]),
                                ("scheme", "eu4x4"),
                                ("source_grade__in", ["A", "B", "C", "X"]),
                            ),
                            models.Q(
                                ("information_grade__in", ["A", "B", "C", "D", "E"]),
                                ("scheme", "uk3x5x2"),
                                ("source_grade__in", ["1", "2", "3"]),
                            ),
                            models.Q(
                                ("information_grade__in", ["1", "2", "3", "4", "5"]),
                                ("scheme", "uk5x5x5"),
                                ("source_grade__in", ["A", "B", "C", "D", "E"]),
                            ),
                            _connector="OR",
                        ),
                        name="report_grades_of_one_scheme",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "issued"), ("withdraw_reason", ""), ("withdrawn_at", None)),
                            models.Q(
                                ("state", "withdrawn"),
                                ("withdrawn_at__isnull", False),
                                models.Q(("withdraw_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="report_withdrawn_when_and_why",
                    ),
                ],
            },
        ),
    ]
